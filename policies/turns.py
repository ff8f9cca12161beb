"""Answers of two turns: what will be done is said in the first, and done in the second."""

from dataclasses import replace

from ..model import Conversation, Decoding, Generation, Message, Model, Timings


def answer_in_turns(
    model: Model, conversation: Conversation, second: str, first: Decoding, last: Decoding
) -> tuple[Generation, Generation]:
    """The whole answer, and the turn in which something is done: `second` begins it.

    A first turn that has that in it is the whole answer.
    """
    said = model.generate(conversation, first)
    begun = conversation.prefix + said.text
    if second.rstrip() in begun:
        return said, said
    messages = (*conversation.messages, Message("assistant", (begun,)))
    done = model.generate(replace(conversation, messages=messages, prefix=second), last)
    return _joined(said, second, done), done


def _joined(said: Generation, second: str, done: Generation) -> Generation:
    """Both turns as one generation, as it is told later on."""
    has_logprobs = bool(said.logprobs and done.logprobs)
    return replace(
        done,
        text=f"{said.text}\n{second}{done.text}",
        token_ids=said.token_ids + done.token_ids if said.token_ids and done.token_ids else (),
        tokens=said.tokens + done.tokens,
        logprobs=said.logprobs + done.logprobs if has_logprobs else (),
        top_logprobs=said.top_logprobs + done.top_logprobs if has_logprobs else (),
        prompt_tokens=said.prompt_tokens + done.prompt_tokens,
        reused_tokens=said.reused_tokens + done.reused_tokens,
        visual_tokens=said.visual_tokens + done.visual_tokens,
        passes=said.passes + done.passes,
        is_halved=said.is_halved or done.is_halved,
        timings=_sum(said.timings, done.timings),
    )


def _sum(one: Timings, other: Timings) -> Timings:
    return Timings(
        process_s=one.process_s + other.process_s,
        vision_s=one.vision_s + other.vision_s,
        prefill_s=one.prefill_s + other.prefill_s,
        decode_s=one.decode_s + other.decode_s,
    )
