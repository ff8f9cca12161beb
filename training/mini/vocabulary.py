"""The small vocabulary of clickwright/mini: every byte, 0 to 999, frequent interface words and the frame of a call."""

import json
from pathlib import Path
from typing import Any, cast

from tokenizers import AddedToken, Tokenizer, decoders, models

from ..concepts import EPISODE_WORDS, FILLER, GOAL_WORDS, HUES, ICON_FILES, KINDS, WORDS

CONTROL = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>"),
    *("<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>"),
    *("<|vision_pad|>", "<|image_pad|>", "<|video_pad|>"),
)
"""Qwen2-VL's control tokens, in its order; here they come first."""

_CALL = '<tool_call>\n{"name": "'
FRAMES = (
    *("system", "user", "assistant", "),(", _CALL, "</tool_call>", "}\n</tool_call>", f"}}\n</tool_call>\n{_CALL}"),
    *('computer_use", "arguments": {"action": "', 'select_option", "arguments": {"option": "', '"}', '"]}', "]}"),
    *('", "text": "', '", "keys": ["', '", "', '", "coordinate": [', ', "pixels": ', ', "time": ', '", "time": '),
    *("left_click", "right_click", "double_click", "mouse_move", "type", "key", "scroll", "wait", "terminate"),
    *("status", "success", "failure", "answer"),
)
"""What the answers of the grammar are built of."""

INSTRUCTION_WORDS = (
    *("Click", "Press", "Select", "Tick", "Turn", "on", "off", "the", "Type", "into", "in", "Choose", "Locate"),
    *("Double-click", "Right-click", "Hover", "over", "Scroll", "down", "up", "large", "small", "Enter", "Tab"),
    *("Escape", "Control", "Shift", "Alt", "Backspace", "Delete", "PageDown", "PageUp", "ArrowDown", "ArrowUp"),
    *("page", "box", "button", "list", "drop-down", "text", "check", "radio", "icon", "switch", "link"),
)


def vocabulary() -> list[str]:
    """The tokens of the first weights, in the order of their ids. The bytes stand behind them, then `later`."""
    names = (*KINDS, *HUES, *ICON_FILES, *WORDS, *FILLER, *INSTRUCTION_WORDS)
    spaced = [f" {name}" for name in names]
    printable = [chr(code) for code in range(32, 127)]
    numbers = [str(number) for number in range(10, 1000)]
    tokens = [*CONTROL, *printable, "\n", *numbers, *FRAMES, *spaced, *names]
    return list(dict.fromkeys(tokens))


def later() -> list[str]:
    """What was taught after the first weights, so that the tokens of those keep their ids."""
    names = (*EPISODE_WORDS, *GOAL_WORDS)
    known = set(vocabulary())
    return [
        token for token in dict.fromkeys(form for name in names for form in (f" {name}", name)) if token not in known
    ]


def build_tokenizer() -> Tokenizer:
    """A unigram model in which every token costs the same: a text becomes the fewest tokens it can.

    What no token covers is written byte by byte, so that any text can be said. A control token costs more than any
    spelling of it: where its mark stands in a text, the text is read as characters.
    """
    single = [f"<0x{byte:02X}>" for byte in range(256)]
    tokens = [*vocabulary(), *single, *later()]
    pieces = [(token, -1000.0 if token in CONTROL else -1.0) for token in tokens]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    cast(Any, tokenizer).add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in CONTROL])
    return tokenizer


def write_tokenizer(folder: Path) -> None:
    """tokenizer.json, tokenizer_config.json and a chat template without a default system message."""
    build_tokenizer().save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "padding_side": "left",
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1), "utf-8")


CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif part['type'] == 'video' %}<|vision_start|><|video_pad|><|vision_end|>"
    "{% elif 'text' in part %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
