"""Step files: UI tests as steps in YAML, for those who do not write Python; `clickwright test FILES` runs them.

    name: The shop                      # of the file, where it should have another one than its path
    start: https://shop.example/        # or a map, see below
    tags: [shop]                        # of all tests in the file
    variables:
      city: Oslo
      site:                             # without a value: to be given with --var site=...
      password: ${env.SHOP_PASSWORD}    # a secret
    budget: {seconds: 60, tokens: 20000, steps: 50}    # of each test; over it, nobody can tell
    before:                             # steps before each test, and in `after` those that come after it, failed or not
      - tap: Log in
    tests:
      - name: ${size} is in the cart
        tags: [smoke]
        for_each:                       # one test for each row
          - {size: S, price: 10}
          - {size: L, price: 12}
        steps:
          - choose: {from: Size, option: "${size}"}
          - tap: Add to cart
          - check: the cart shows ${price}

`start` is a map of `url`, of `desktop: [command, argument]` on a display that nobody sees, or of `demo: SEED` for the
demo site that comes with Clickwright; and of `viewport: 1288x728`, `scale: 2`, `mobile: yes`, `locale: de-DE`. Each
test has a browser context of its own.

A step is one word and what it is about:

    - tap: Log in                       # double_tap, long_press, hover; locate only finds it, scroll_to scrolls to it
    - scroll_to: {what: Zambia, inside: the list of countries}
    - tap: {what: Log in, selector: "#login", button: right}       # the selector is tried first
    - fill: {field: Email, with: a@b.example}                      # and `selector`
    - choose: {from: Size, option: L}                              # from a native list; and `selector`
    - upload: {field: Photo, file: cat.png}                        # from here; and `files`, `selector`
    - drag: {what: the first card, to: Done}
    - switch_tab: The shop              # words of its title or address
    - press: Control+s
    - do: put the cheapest ring into the cart                      # several actions, chosen by the model
    - wait_for: the cart shows 1                                   # or {claim: the cart shows 1, seconds: 30}
    - check: the cart shows 1
    - get: {what: total price, type: decimal, as: total}           # text, integer, decimal or date; then ${total}
    - goto: /cart                                                  # from where the test started, or a whole address
    - look_like: cart                   # as its picture; or {name: cart, area: the cart, without: [the clock],
                                        # tolerance: 0.01}; --update-baselines takes what is there for right

All values are texts as they are written: `no` and `007` mean what they say. `${name}` is a variable in any text, `$${`
the signs themselves; a text that begins with `{` or holds `: ` or ` #` is put in quotes, as everywhere in YAML.
`${env.NAME}` is a secret: it is only typed by `fill` and opened by `start` and `goto`, and is masked in pictures, texts
and errors before a model, a recording or a report has them: whole, encoded, in capitals, or in pieces side by side and
on the lines of one paragraph. What a page draws is not known for one. Anchors, aliases, tags, keys that stand there
twice and keys that nobody knows are refused, with the line.
"""
