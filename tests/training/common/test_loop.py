"""The training loop; needs torch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training.common.loop import Training, begin, distillation_loss, padded, read_all, seeded  # noqa: E402


def trained(folder: Path, steps: int) -> Training:
    """A training of a small model, resumed and gone on for so many steps of the ten."""
    begin(folder, seed=1, threads=None)
    training = Training(torch.nn.Linear(4, 2), 0.1, steps=10, folder=folder)
    done = training.resume().get("done", 0)
    for number in range(done, done + steps):
        inputs = torch.arange(8.0).view(2, 4) + number
        training.step((training.model(inputs) ** 2).mean())
        training.keep(done=number + 1)
    return training


def test_ids_are_filled_up_to_a_multiple() -> None:
    ids, attention = padded([[5, 6, 7], [8]], filler=1, multiple=4)
    assert ids.tolist() == [[5, 6, 7, 1], [8, 1, 1, 1]]
    assert attention.tolist() == [[1, 1, 1, 0], [1, 0, 0, 0]]
    assert padded([[5, 6, 7], [8]])[0].shape == (2, 3)


def test_what_is_read_comes_in_the_order_of_the_items() -> None:
    model = torch.nn.Dropout(0.5)
    lengths = [n % 7 for n in range(200)]
    found = read_all(model, lengths, 2, lambda rows: model(torch.tensor([[float(i), lengths[i]] for i in rows])))
    assert found[:, 0].tolist() == list(range(200))
    assert found[:, 1].tolist() == lengths
    assert model.training


def test_a_killed_training_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole", 10).model.state_dict()
    trained(tmp_path / "killed", 4)
    resumed = trained(tmp_path / "killed", 6).model.state_dict()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    assert [path.name for path in (tmp_path / "killed").iterdir()] == ["checkpoint.pt"]


def test_progress_and_scores_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    training = trained(tmp_path, 1)
    batches = [[n] for n in range(5)]
    assert list(training.batches(batches, 0, every=2, begin=1)) == [(n, [n]) for n in range(1, 5)]
    told = capsys.readouterr().out
    assert "epoch 0 batch 2/5 loss" in told
    assert "batch 4/5" in told
    assert "batch 3/5" not in told
    training.log(epoch=0, macro_f1=0.5)
    training.log(epoch=1, macro_f1=0.6)
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"epoch": 0, "macro_f1": 0.5}, {"epoch": 1, "macro_f1": 0.6}]


def test_an_epoch_draws_the_same_whatever_was_drawn_before() -> None:
    def drawn(seed: int, epoch: int) -> tuple[float, float]:
        return seeded(seed, epoch).random(), float(torch.rand(1))

    one = drawn(1, 0)
    torch.rand(7)
    assert drawn(1, 0) == one
    assert drawn(1, 1) != one


def test_labels_and_teachers_count_where_they_are_known() -> None:
    output = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    unknown, none = torch.full((2, 3), torch.nan), torch.tensor([-1, -1])
    labels = torch.tensor([0, 1])
    only_labels = distillation_loss(output, labels, unknown, heat=2, weight=3, smoothing=0)
    assert float(only_labels) == pytest.approx(float(torch.nn.functional.cross_entropy(output, labels)), rel=1e-5)
    agreed = distillation_loss(output, none, output, heat=2, weight=3)
    assert float(agreed) == pytest.approx(0, abs=1e-6)
    turned = distillation_loss(output, none, output.flip(1), heat=2, weight=3)
    assert float(turned) > 0.1
    mixed = distillation_loss(output, labels, output, heat=2, weight=3, smoothing=0)
    assert float(mixed) == pytest.approx(float(only_labels) * 3 / 4, rel=1e-5)
