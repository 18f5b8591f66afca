from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from paragone.machine import available_cores, describe_machine

AFFINITY = len(os.sched_getaffinity(0))


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_this_machine_is_described_without_its_name() -> None:
    machine = describe_machine({"numpy": "2.0", "click": "8.1"})
    assert machine.cpu
    assert 1 <= machine.cores <= AFFINITY
    assert machine.memory_bytes > 2**28
    assert machine.python == platform.python_version()
    assert list(machine.packages) == ["click", "numpy"]
    assert machine.load_before >= 0
    assert platform.node() not in (machine.cpu, *machine.system.split())


def test_model_memory_and_accelerators_come_from_the_kernel(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/cpuinfo": "processor\t: 0\nmodel name\t: Some CPU\n\nprocessor\t: 1\nmodel name\t: Other\n",
            "proc/meminfo": "MemTotal:       1000 kB\nMemFree: 10 kB\n",
            "proc/driver/nvidia/gpus/0000:01/information": "Model: \t NVIDIA X\nIRQ: 5\n",
        },
    )
    machine = describe_machine({}, root=root)
    assert machine.governor == ""
    assert (machine.cpu, machine.memory_bytes, machine.accelerators) == ("Some CPU", 1_024_000, ("NVIDIA X",))


def test_the_governors_are_read_each_once(tmp_path: Path) -> None:
    names = ("performance", "powersave", "performance")
    folder = "sys/devices/system/cpu"
    files = {f"{folder}/cpu{i}/cpufreq/scaling_governor": f"{name}\n" for i, name in enumerate(names)}
    root = write(tmp_path, files | {f"{folder}/cpufreq/policy0/scaling_governor": "other\n"})
    assert describe_machine({}, root=root).governor == "performance, powersave"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, AFFINITY),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n"}, AFFINITY),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "100000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "20000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "100000 100000\n"}, 1),
        (
            {
                "proc/self/cgroup": "3:cpu,cpuacct:/box\n",
                "sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "100000\n",
                "sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000\n",
            },
            1,
        ),
        (
            {
                "proc/self/cgroup": "3:cpu,cpuacct:/box\n",
                "sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000\n",
            },
            AFFINITY,
        ),
    ],
)
def test_cores_heed_the_control_group(tmp_path: Path, files: dict[str, str], cores: int) -> None:
    assert available_cores(root=write(tmp_path, files)) == cores


def test_memory_heeds_the_control_group(tmp_path: Path) -> None:
    files = {
        "proc/meminfo": "MemTotal: 1000 kB\n",
        "proc/self/cgroup": "0::/a\n",
        "sys/fs/cgroup/a/memory.max": "512000\n",
    }
    assert describe_machine({}, root=write(tmp_path, files)).memory_bytes == 512_000


def test_an_unknown_machine_is_still_described(tmp_path: Path) -> None:
    machine = describe_machine({}, root=tmp_path)
    assert (machine.cpu, machine.memory_bytes, machine.accelerators) == (platform.machine(), 0, ())
