# SPDX-License-Identifier: MPL-2.0
"""What a disk may hold after its power was cut: made from all that a program did to it (preload_power.c).

A file holds what was in it at its last sync; what was written after that is lost, or any part of it is
kept, or its last piece is torn. A name is in a folder as of the folder's last sync; what was made, renamed
or removed after that may have happened or not, in order.
"""
import os
import shutil

import lib

LIBRARY = os.path.join(lib.BUILD, "tests", "faults", "preload_power.so")
SECTOR = 512


class Recording:
    """A folder whose programs are watched; what was in it before is on disk."""

    def __init__(self, place, folder):
        self.folder, self.log = folder, place.path("power-" + os.path.basename(folder) + ".log")
        self.before = place.path("power-" + os.path.basename(folder) + ".before")
        if os.path.exists(folder):
            shutil.copytree(folder, self.before, ignore=shutil.ignore_patterns("run"))
        open(self.log, "wb").close()
        self.env = {"LD_PRELOAD": LIBRARY, "POWER_LOG": self.log, "POWER_ROOT": folder}

    def mark(self, text):
        """Notes that a program has promised TEXT: whatever is cut off later must hold it."""
        with open(self.log, "ab") as file:
            file.write(("mark 0 0 0 %s\n" % text).encode())

    def records(self):
        """[(op, inode, offset, path, data)]; paths from the folder."""
        with open(self.log, "rb") as file:
            raw = file.read()
        at, out = 0, []
        while at < len(raw):
            end = raw.index(b"\n", at)
            op, inode, offset, size, path = raw[at:end].decode().split(" ", 4)
            at = end + 1 + int(size)
            out.append((op, int(inode), int(offset), path, raw[end + 1 : at]))
        return out


class File:
    def __init__(self, data=b""):
        self.synced, self.later = data, []  # [(offset, bytes)] or [(size, None)]: what is not synced yet

    @staticmethod
    def apply(data, change):
        offset, piece = change
        if piece is None:
            return data[:offset] + b"\0" * max(0, offset - len(data))
        data += b"\0" * max(0, offset - len(data))
        return data[:offset] + piece + data[offset + len(piece) :]

    def sync(self):
        for change in self.later:
            self.synced = self.apply(self.synced, change)
        self.later = []

    def after_the_cut(self, rng):
        """RNG None: only what was synced; else any part of the rest, the last piece of it torn."""
        data = self.synced
        kept = [c for c in self.later if rng and rng.random() < 0.5]
        for i, (offset, piece) in enumerate(kept):
            if piece and i == len(kept) - 1:
                piece = piece[: rng.randrange(0, len(piece) + 1, SECTOR) if len(piece) >= SECTOR else None]
            data = self.apply(data, (offset, piece))
        return data


class Disk:
    """Files and folders as records are played on them."""

    def __init__(self, recording):
        self.root = recording.folder
        self.names, self.folders = {}, {self.root}  # path -> File, on disk
        self.now = {}  # path -> File, as programs see it
        self.later = {}  # folder -> [(path, File or None)], not synced yet
        self.by_inode = {}
        for base, _, files in os.walk(recording.before):
            inside = self.root + base[len(recording.before) :]
            self.folders.add(inside)
            for name in files:
                with open(os.path.join(base, name), "rb") as file:
                    self.names[os.path.join(inside, name)] = File(file.read())
        self.now.update(self.names)
        self.modes = recording.before

    def name(self, path, file):
        """PATH is FILE from now on, or gone; on disk once its folder is synced."""
        self.later.setdefault(os.path.dirname(path), []).append((path, file))
        if file is None:
            self.now.pop(path, None)
        else:
            self.now[path] = file

    def file(self, inode, path):
        if inode not in self.by_inode:
            self.by_inode[inode] = self.now.get(path) or File()
        return self.by_inode[inode]

    def play(self, record):
        op, inode, offset, path, data = record
        if op == "create":
            self.by_inode[inode] = File()
            self.name(path, self.by_inode[inode])
        elif op == "write":
            self.file(inode, path).later.append((offset, data))
        elif op == "truncate":
            self.file(inode, path).later.append((offset, None))
        elif op == "rename":
            self.name(data.decode(), self.now.get(path))
            self.name(path, None)
        elif op == "unlink":
            self.name(path, None)
            self.folders.discard(path)
        elif op == "mkdir":
            self.folders.add(path)
        elif op == "sync" and offset:
            for changed, file in self.later.pop(path, []):
                self.enter(self.names, changed, file)
        elif op == "sync":
            self.file(inode, path).sync()

    @staticmethod
    def enter(names, path, file):
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file

    def after_the_cut(self, target, rng):
        """Writes what may be on the disk to the folder TARGET."""
        names = dict(self.names)
        for changes in self.later.values():
            for path, file in changes[: rng.randint(0, len(changes)) if rng else 0]:
                self.enter(names, path, file)
        shutil.rmtree(target, ignore_errors=True)
        for folder in sorted(self.folders):
            os.makedirs(target + folder[len(self.root) :], mode=0o700, exist_ok=True)
        for path, file in names.items():
            if path.endswith("-shm") or not os.path.isdir(os.path.dirname(target + path[len(self.root) :])):
                continue  # SQLite makes it anew; a folder that is gone has nothing in it
            with open(target + path[len(self.root) :], "wb") as out:
                os.chmod(out.fileno(), 0o600)
                out.write(file.after_the_cut(rng))


def cuts(recording, count, rng):
    """(moment, records before it, marks before it, disk) at COUNT moments spread over the whole recording."""
    records = recording.records()
    chosen = set(range(len(records) + 1))
    if count < len(chosen):
        chosen = {rng.randint(0, len(records)) for _ in range(count)} | {len(records)}
    disk, marks = Disk(recording), []
    for n in range(len(records) + 1):
        if n in chosen:
            yield n, records[:n], list(marks), disk
        if n < len(records):
            if records[n][0] == "mark":
                marks.append(records[n][3])
            elif records[n][0] != "net":
                disk.play(records[n])
