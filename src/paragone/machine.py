"""The machine of a run, read from the kernel; names neither user nor host."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Mapping
from pathlib import Path

from paragone.records import Machine

_ROOT = Path("/")


def describe_machine(packages: Mapping[str, str], *, root: Path = _ROOT) -> Machine:
    """Describe the machine as this process may use it.

    Args:
        packages: versions by name of what took part in the run.
        root: where `proc` and `sys` are found.
    """
    return Machine(
        cpu=_cpu(root),
        cores=available_cores(root=root),
        governor=_governor(root),
        memory_bytes=_memory_bytes(root),
        system=_system(),
        python=platform.python_version(),
        accelerators=_accelerators(root),
        load_before=round(os.getloadavg()[0], 2),
        packages=dict(sorted(packages.items())),
    )


def available_cores(*, root: Path = _ROOT) -> int:
    """Cores that this process may use: the fewer of its affinity and its control group's quota, and at least one."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for folder in _cgroup_folders(root) if (quota := _cpu_quota(folder)) is not None]
    return max(1, int(min([float(affinity), *quotas])))


def _cpu(root: Path) -> str:
    fields = _fields(root / "proc/cpuinfo")
    return fields.get("model name") or fields.get("Model") or fields.get("Hardware") or platform.machine()


def _governor(root: Path) -> str:
    """The policies for the processors' frequency, as the kernel calls them: `performance`, `powersave`."""
    files = (root / "sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_governor")
    return ", ".join(sorted({text for path in files if (text := _text(path))}))


def _memory_bytes(root: Path) -> int:
    """The machine's memory, or the control group's limit where that is lower; 0 where neither is known."""
    limits = [int(_fields(root / "proc/meminfo").get("MemTotal", "0 kB").split()[0]) * 1024]
    for folder in _cgroup_folders(root):
        for name in ("memory.max", "memory.limit_in_bytes"):
            if (text := _text(folder / name)).isdigit():
                limits.append(int(text))
    return min(limits)


def _cpu_quota(folder: Path) -> float | None:
    """Cores that a control group allows: version 2 says `max 100000` or `150000 100000`, version 1 has two files."""
    quota, period, *_ = [*_text(folder / "cpu.max").split(), "", ""]
    if not quota:
        quota, period = _text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def _cgroup_folders(root: Path) -> list[Path]:
    """Folders of this process's control groups and their parents: any of them may set a limit."""
    folders = []
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        mounts = [root / "sys/fs/cgroup" / name for name in controllers.split(",")]
        for mount in mounts:
            inner = mount / path.strip("/")
            folders += [inner, *(parent for parent in inner.parents if parent.is_relative_to(mount))]
    return folders


def _system() -> str:
    """Kernel and distribution; never the node's name."""
    kernel = f"{platform.system()} {platform.release()} {platform.machine()}"
    with contextlib.suppress(OSError, AttributeError):
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    return kernel


def _accelerators(root: Path) -> tuple[str, ...]:
    """Models of the NVIDIA devices that the kernel's driver lists."""
    listed = sorted((root / "proc/driver/nvidia/gpus").glob("*/information"))
    return tuple(model for path in listed if (model := _fields(path).get("Model")))


def _fields(path: Path) -> dict[str, str]:
    """`name : value` lines; the first of a name counts."""
    fields: dict[str, str] = {}
    for line in _text(path).splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip(), value.strip())
    return fields


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
