"""Changes after which a person would call the thing the same: a replay is to find it."""

from .kinds import Kind, changing

HARMLESS: tuple[Kind, ...] = (
    # Where it stands.
    changing(
        "banner above",
        "any",
        """document.body.insertAdjacentHTML("afterbegin", `<p class="banner" style="height:${between(a, 24, 64)}px">` +
             pick(b, ["We are closed on Monday", "New opening hours", "Ten per cent off today"]) + "</p>");""",
    ),
    changing("sidebar on the other side", "any", "document.body.classList.toggle('sidebar-right');"),
    changing("tools on the other side", "tool nav", "only('header').classList.toggle('tools-left');"),
    changing("more space in the page", "any", "only('main').style.padding = between(a, 25, 38) + 'px';"),
    changing(
        "moved a little",
        "button link field select check",
        "Object.assign(thing.style, {position: 'relative', left: between(a, -7, 7) + 'px', top: between(b, 2, 6) + 'px'});",
    ),
    changing("other gaps", "any", "document.documentElement.style.setProperty('--gap', between(a, 6, 26) + 'px');"),
    changing(
        "higher header", "any", "document.documentElement.style.setProperty('--header', between(a, 56, 104) + 'px');"
    ),
    changing(
        "wider sidebar", "any", "document.documentElement.style.setProperty('--sidebar', between(a, 170, 275) + 'px');"
    ),
    Kind(name="another viewport", fits=frozenset({"any"}), expected="same", viewports=((1180, 728), (1400, 800))),
    Kind(name="another device scale", fits=frozenset({"any"}), expected="same", scales=(1.25, 1.5, 2.0)),
    changing("zoomed", "any", "document.body.style.zoom = String(between(a, 104, 112) / 100);"),
    # How it looks.
    changing(
        "another paint",
        "paint",
        "thing.style.background = `hsl(${between(a, 0, 359)} 70% 38%)`; thing.style.color = '#fff';",
    ),
    changing(
        "pale paint",
        "paint",
        "thing.style.background = `hsl(${between(a, 0, 359)} 60% 86%)`; thing.style.color = '#111';",
    ),
    changing(
        "another theme",
        "any",
        """const body = document.body, was = body.classList.contains("dark");
           body.classList.remove("dark", "light", "tinted"); body.classList.add(was ? "light" : "dark");""",
    ),
    changing(
        "another tint",
        "any",
        """document.body.classList.remove("dark", "light"); document.body.classList.add("tinted");
           document.documentElement.style.setProperty("--hue", between(a, 0, 359));""",
    ),
    changing("larger letters", "any", "document.body.style.fontSize = pick(a, ['16px', '16.5px', '17px']);"),
    changing(
        "another font",
        "any",
        "document.body.style.fontFamily = pick(a, ['Liberation Sans', 'DejaVu Sans', 'DejaVu Serif', 'Liberation Serif']);",
    ),
    changing(
        "another weight", "text", "thing.style.fontWeight = getComputedStyle(thing).fontWeight > 550 ? 400 : 800;"
    ),
    changing(
        "other corners", "any", "document.documentElement.style.setProperty('--radius', between(a, 0, 22) + 'px');"
    ),
    changing(
        "focus ring", "button link field select check", "thing.style.outline = `${between(a, 2, 4)}px solid #1a73e8`;"
    ),
    changing("wider", "button", "thing.style.minWidth = thing.offsetWidth + between(a, 8, 34) + 'px';"),
    changing("capitals", "text", "thing.style.textTransform = 'uppercase';"),
    changing(
        "a shadow and a gradient",
        "paint",
        "thing.style.boxShadow = '0 2px 6px #0006'; thing.style.filter = 'saturate(.7)';",
    ),
    changing(
        "tinted cards",
        "any",
        "for (const card of all('.card')) card.style.background = 'linear-gradient(#8883, #8881)';",
    ),
    changing("other strokes", "icon", "thing.querySelector('svg').style.strokeWidth = pick(a, ['1.5', '2.6']);"),
    changing("inverted icon", "icon", "thing.classList.toggle('on');"),
    changing(
        "badge on the corner",
        "tool",
        """thing.style.position = "relative";
           thing.insertAdjacentHTML("beforeend", `<i style="position:absolute;top:-5px;right:-5px;width:18px;height:18px;` +
             `border-radius:9px;background:#c22;color:#fff;font:700 11px/18px sans-serif">${between(a, 1, 9)}</i>`);""",
    ),
    changing(
        "icon before the label",
        "text",
        """thing.insertAdjacentHTML("afterbegin", '<svg aria-hidden="true" viewBox="0 0 24 24" width="14" height="14" ' +
             'style="margin-right:6px;vertical-align:-2px"><circle cx="12" cy="12" r="9" fill="currentColor"/></svg>');""",
    ),
    # How the page is built.
    changing(
        "other ids and classes",
        "any",
        """const style = only("style");
           for (const name of ["painted", "plain", "round", "card", "line", "row", "tick", "flip", "item", "sum", "bar"]) {
             style.textContent = style.textContent.replace(new RegExp("\\\\." + name + "\\\\b", "g"), ".x" + name + "9");
             for (const node of all("." + name)) node.classList.replace(name, "x" + name + "9");
           }
           all("body *").forEach((node, at) => { node.id = "n" + at; delete node.dataset.target; });""",
    ),
    changing(
        "wrapped",
        "any",
        """const outer = document.createElement("section"), inner = document.createElement("span");
           outer.style.display = inner.style.display = "contents";
           thing.replaceWith(outer); outer.append(inner); inner.append(thing);""",
    ),
    changing("a link for a button", "button&text", "replaceBy(thing, 'a', {href: '#'}).style.textDecoration = 'none';"),
    changing("a part for a button", "button&text", "replaceBy(thing, 'div', {role: 'button', tabindex: '0'});"),
    changing(
        "a longer name for screen readers",
        "button&text",
        "thing.ariaLabel = said(thing) + ' (' + document.title + ')';",
    ),
    # What stands around it.
    changing("cards in another order", "product", "rotated(null, all('article'), between(a, 1, 4));"),
    changing("lines in another order", "line", "rotated(null, all('.line'), 1 + (a > 0.5 ? 1 : 0));"),
    changing(
        "one line more",
        "line",
        """const first = only(".line"), more = first.cloneNode(true);
           say(more, pick(a, ["feed cat", "Kettle", "water plants"])); first.before(more);
           for (const box of all("input", more)) box.ariaLabel = said(more);""",
    ),
    changing(
        "one card fewer",
        "product",
        "const others = all('.product').filter((card) => card !== rowOf(thing)); pick(a, others).remove();",
    ),
    changing(
        "lines in another order, one gone",
        "line",
        """
           const others = all(".line").filter((line) => line !== rowOf(thing));
           pick(a, others).remove(); rotated(null, all(".line"), 1);""",
    ),
    changing("menu in another order", "nav", "rotated(null, all('nav a'), between(a, 1, 2));"),
    changing("tools in another order", "tool", "rotated(null, all('.tools > form'), between(a, 1, 3));"),
    changing("switches in another order", "switch", "rotated(null, all('.option'), 1);"),
    changing("places swapped", "save", "const [one, other] = all('.bar form'); other.after(one); "),
    changing(
        "other prices",
        "any",
        """for (const text of textNodes(document.body)) {
             text.data = text.data.replace(/€ \\d+/, () => "€ " + (100 + Math.floor(a * 800) + text.data.length)); }""",
    ),
    changing("other headings", "any", "say(only('h1'), pick(a, ['Welcome back', 'Overview', 'Hello Anna']));"),
    changing("no offer", "any", "only('.promo').remove();"),
    # What it holds.
    changing("something in the field", "field", "thing.value = pick(a, ['call Anna', 'a', 'Bruno Marlow']);"),
    changing("the other state", "check", "thing.checked = !thing.checked;"),
    changing(
        "another choice",
        "select",
        "thing.selectedIndex = (thing.selectedIndex + between(a, 1, 5)) % thing.options.length;",
    ),
    changing("a longer list", "select", "thing.add(new Option('Maltese')); thing.add(new Option('Irish'));"),
    changing("another value", "value", "say(thing, '€ ' + between(a, 101, 9999));"),
    changing(
        "a larger value",
        "value",
        "thing.style.fontSize = between(a, 17, 22) + 'px'; say(thing, '€ ' + between(b, 2, 99));",
    ),
    changing("a value in another colour", "value", "thing.style.color = '#c22';"),
)
