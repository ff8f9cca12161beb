"""Has native lists drawn in the page, where a picture shows them: CSS's customizable select, Chromium 135 and later."""

STYLED_SELECTS = """(() => {
  const style = new CSSStyleSheet();
  style.replaceSync("select:not([multiple], [size]), ::picker(select) { appearance: base-select; }");
  const add = (root) => { root.adoptedStyleSheets = [...root.adoptedStyleSheets, style]; };
  add(document);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    add(root);
    return root;
  };
})()"""
"""A sheet that scripts adopt is not held back by a content security policy, as one in the page would be."""
