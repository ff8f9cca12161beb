"""The mean of the weights is the one that is worked out by hand, and it is what is written."""

import json

import torch
from clickwright.policies.profiles import find_profile
from clickwright.training.tuning import run as running
from clickwright.training.tuning.run import Wanted, tune_checkpoint
from clickwright.training.tuning.saved import last_state
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.trainer import Trainer
from clickwright.training.tuning.tunable import open_tunable


def test_the_mean_of_three_steps_is_what_is_written(tmp_path, monkeypatch):
    """Its decay is 1/10, 2/11 and 3/12: in the beginning it forgets sooner than the .9 that were asked for."""
    seen: list[dict[str, torch.Tensor]] = []

    class Watched(Trainer):
        def learn(self, rows):
            if not seen:
                seen.append({name: value.detach().clone() for name, value in self.learning.items()})
            told = super().learn(rows)
            seen.append({name: value.detach().clone() for name, value in self.learning.items()})
            return told

    monkeypatch.setattr(running, "Trainer", Watched)
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    messages = [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": "Done"}]
    (data / "lessons.jsonl").write_text(json.dumps({"messages": messages}))
    mini = find_profile("clickwright/mini")
    wanted = Wanted(model="clickwright/mini", profile=mini, data=data, out=out, device="cpu")
    tune_checkpoint(wanted, Settings(steps=3, rate=1e-2, average=0.9))
    first, one, two, three = seen
    expected = {
        name: 0.25 * (2 / 11 * (0.1 * first[name] + 0.9 * one[name]) + 9 / 11 * two[name]) + 0.75 * three[name]
        for name in first
    }
    kept = last_state(out).tensors["average"]
    assert kept.keys() == expected.keys()
    assert all(torch.allclose(value, expected[name], atol=1e-7, rtol=1e-5) for name, value in kept.items())
    written = open_tunable(out / "checkpoint", device="cpu").network.state_dict()
    for name, value in expected.items():
        found = written[name.removeprefix("network.")]
        assert torch.allclose(found, value, atol=1e-7, rtol=2**-7), name  # as bfloat16
    apart = max(float((value - three[name]).abs().max()) for name, value in expected.items())
    assert apart > 1e-3  # or the last weights would do as well
