"""Changes after which the thing is gone, is another, cannot be used, or says something else: a replay is to fail.

Where only the wording changed, a heal may find it.
"""

import json

from ...demo.icons import ICONS
from .kinds import Kind, changing

_ICONS = json.dumps(ICONS)
_GERMAN = json.dumps(
    {
        "Add to basket": "In den Korb",
        "Add": "Hinzu",
        "To-do": "Aufgaben",
        "Order now": "Jetzt bestellen",
        "Save": "Sichern",
    }
)
_OTHERWISE = json.dumps(
    {
        "Add to basket": "Put in basket",
        "Add": "Take it",
        "To-do": "Tasks",
        "Order now": "Buy these",
        "Save": "Keep changes",
    }
)

DEFECTS: tuple[Kind, ...] = (
    changing("removed", "any", "wholeOf(thing).remove();", "defect"),
    changing("its line removed", "row", "rowOf(thing).remove();", "defect"),
    changing("hidden", "any", "thing.style.visibility = 'hidden';", "defect"),
    changing("transparent", "any", "wholeOf(thing).style.opacity = '0';", "defect"),
    changing("disabled", "button field select check", "thing.disabled = true;", "defect"),
    changing(
        "disabled and grey",
        "button field select check",
        "thing.disabled = true; thing.style.opacity = '.4';",
        "defect",
    ),
    changing(
        "under a dialog",
        "any",
        """document.body.insertAdjacentHTML("beforeend", '<div style="position:fixed;inset:0;background:#0008;z-index:9">' +
             '<div style="margin:18vh auto;width:70%;height:55vh;padding:30px;background:#fff;color:#111">' +
             'We use cookies<p>Do you agree?</p><button>Agree</button></div></div>');""",
        "defect",
    ),
    changing(
        "under glass",
        "button link field select check",
        "document.body.insertAdjacentHTML('beforeend', '<div style=\"position:fixed;inset:0;z-index:9\"></div>');",
        "defect",
    ),
    changing(
        "under a patch",
        "any",
        """const box = thing.getBoundingClientRect(), patch = document.createElement("div");
           Object.assign(patch.style, {position: "fixed", left: box.left - 3 + "px", top: box.top - 3 + "px", zIndex: 9,
             width: box.width + 6 + "px", height: box.height + 6 + "px", background: "hsl(200 30% 60%)"});
           document.body.append(patch);""",
        "defect",
    ),
    changing(
        "labels swapped",
        "paint",
        """const others = all("main button.plain").filter((one) => said(one) !== said(thing)), other = pick(a, others);
           if (!other) return false;
           const words = said(thing); say(thing, said(other)); say(other, words);""",
        "defect",
    ),
    changing(
        "wrong icon",
        "icon",
        f"const icons = {_ICONS}; delete icons[thing.ariaLabel]; thing.querySelector('svg').innerHTML = pick(a, Object.values(icons));",
        "defect",
    ),
    changing(
        "another icon's thing",
        "icon",
        f"""const icons = {_ICONS}; delete icons[thing.ariaLabel]; const name = pick(a, Object.keys(icons));
           thing.querySelector("svg").innerHTML = icons[name]; thing.ariaLabel = name;""",
        "defect",
    ),
    changing(
        "another thing in its place",
        "button&text",
        "say(thing, pick(a, ['Delete', 'Sold out', 'Unsubscribe']));",
        "defect",
    ),
    changing("a dead picture of it", "button&text", "replaceBy(thing, 'div').style.cursor = 'default';", "defect"),
    changing(
        "another row in its place",
        "row",
        """const words = pick(a, ["Kettle", "feed cat", "Umbrella"]);
           say(rowOf(thing), words); if (thing.matches("input")) thing.ariaLabel = words;""",
        "defect",
    ),
    changing("far off the screen", "any", "thing.style.position = 'fixed'; thing.style.left = '-3000px';", "defect"),
    changing("label in no colour", "text", "thing.style.color = 'transparent';", "defect"),
    changing("icon in no colour", "icon", "thing.querySelector('svg').style.stroke = 'transparent';", "defect"),
    changing(
        "there twice", "button&text", "const whole = wholeOf(thing); whole.after(whole.cloneNode(true));", "defect"
    ),
    changing("shrunk", "any", "thing.style.transform = `scale(${between(a, 8, 14) / 100})`;", "defect"),
    changing(
        "a text box for the list",
        "select",
        "replaceBy(thing, 'input', {'aria-label': 'Language', type: 'text'});",
        "defect",
    ),
    changing("nothing in the value", "value", "thing.textContent = '';", "defect"),
    changing("the value's line gone", "total", "thing.closest('.sum').remove();", "defect"),
    changing(
        "an error page",
        "any",
        "document.body.innerHTML = '<h1>' + pick(a, ['500 Internal Server Error', 'Not found']) + '</h1><p>Try again.</p>';",
        "defect",
    ),
    changing("nothing in the page", "main", "only('main').replaceChildren();", "defect"),
)

REWORDED: tuple[Kind, ...] = (
    changing("label in German", "button&text nav", f"say(thing, ({_GERMAN})[said(thing)]);", "reworded"),
    changing("label in other words", "button&text nav", f"say(thing, ({_OTHERWISE})[said(thing)]);", "reworded"),
    changing(
        "label and its size",
        "button&text",
        f"say(thing, ({_OTHERWISE})[said(thing)] + ' now'); thing.style.paddingInline = '30px';",
        "reworded",
    ),
    changing(
        "a page in another language",
        "text",
        "for (const text of textNodes(document.body)) text.data = text.data.replace(/[a-z]/g, (sign) => "
        "String.fromCharCode(97 + (sign.charCodeAt(0) - 97 + 5) % 26));",
        "reworded",
    ),
    changing(
        "other words in the empty field", "field", "thing.placeholder = pick(a, ['A task', 'New entry']);", "reworded"
    ),
    changing(
        "a switch in other words", "switch", "say(rowOf(thing), pick(a, ['Messages', 'Ton und Bild']));", "reworded"
    ),
    changing(
        "the value's name in other words",
        "total",
        "say(thing.closest('.sum'), pick(a, ['Sum', 'To pay']));",
        "reworded",
    ),
)
