"""Records a training that NormLab does not run, for NormLab's pages.

For a PyTorch network it measures ||dE/dx||_2 at the boundaries of blocks, over the whole minibatch, with one copy from device to host a step; for anything else
it takes norms that were computed already. It writes one file (`normlab runs import FILE`), and sends what it wrote to a lab that is served
(`normlab serve`) where it is told of one. Copy this file beside your program; it needs Python 3.8 and nothing else.

    from normlab_recorder import Recorder

    with Recorder("resnet.normlab", data="CIFAR-10", seed=1) as recorder:
        recorder.watch(model, "layer*.*")
        for images, labels in loader:
            loss = criterion(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            recorder.step(loss=loss, optimizer=optimizer)
        recorder.epoch(test_loss=0.9, test_accuracy=0.7)

`export_network(model, "net.fx")` writes the network itself, traced by torch.fx, for the lab's designer.

A unit l lies between the boundaries x_l and x_(l+1); its ratio is ||g_l||/||g_(l+1)|| with g_l = dE/dx_l, E the mean loss of the minibatch
(arXiv 1805.07477). Where what leaves a block is not what enters the next one, the layers in between are a unit of their own.

Whatever goes wrong with files, disks and connections is warned of once and never ends the training. A network that cannot be measured as it was asked for
is refused with a RecorderError, at the latest in its first forward pass.
"""

import atexit
import base64
import collections
import datetime
import functools
import hashlib
import json
import math
import os
import platform
import re
import socket
import sqlite3
import struct
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
import warnings
import weakref

__version__ = "1.0.0"
__all__ = ["Recorder", "RecorderError", "export_network", "send"]

APPLICATION_ID = 0x4E4C7262
BUNDLE_VERSION = 3
CONFIGURATION_VERSION = 2
WEIGHTS_FORMAT = "normlab/recorded-weights/1"
NETWORK_FORMAT = "normlab/fx/1"
# What stands for the name of a network or a data set that the program did not tell; the pages leave it out.
NOT_TOLD = "not told"
# The tables of a run, as NormLab reads them: no constraint, no default.
TABLES = {
    "manifest": "json TEXT NOT NULL",
    "steps": "step INTEGER, epoch INTEGER, loss REAL, accuracy REAL, rate REAL, ms REAL, norms BLOB, gradient_norm REAL, "
    "activations BLOB, weights BLOB, updates BLOB, waited REAL",
    "epochs": "epoch INTEGER, first_step INTEGER, last_step INTEGER, train_loss REAL, train_accuracy REAL, tested INTEGER, test_loss REAL, "
    "test_accuracy REAL, seconds REAL, ratio_mean BLOB, ratio_min BLOB, ratio_max BLOB, copies INTEGER, other_accuracy REAL",
    "scalars": "step INTEGER, epoch INTEGER, loss REAL, accuracy REAL, rate REAL, ms REAL, at REAL, gradient_norm REAL, chain REAL, "
    "covering_c REAL, deviation REAL, low REAL, high REAL",
    "annotations": "step INTEGER, unit INTEGER, text TEXT, at TEXT",
    "checkpoints": "step INTEGER NOT NULL, data BLOB NOT NULL",
}

# How often the file is written and a lab is told, seconds.
COMMIT_SECONDS = 1.0
# How long a lab may take to answer, and how long one that does not is left alone, seconds.
ANSWER_SECONDS = 5.0
FIRST_REST, LONGEST_REST = 1.0, 30.0
# How long `close` waits for a lab that does not answer, seconds.
PATIENCE_SECONDS = 10.0
# Steps that one message to the lab has at most, and the norms in it.
MESSAGE_STEPS, MESSAGE_NORMS = 1000, 500000
MESSAGE_NOTES = 1000
# float32 sums of squares on a CPU are exact to 1e-5 over so many values, were they all the same or one of them beyond all others; larger gradients are summed
# piece by piece.
PIECE = 1 << 17
# A sum of squares beyond these may have lost something in single precision.
NARROW_LEAST, NARROW_GREATEST = 1e-30, 1e30
# Bytes of weights at one step: SQLite has values of 10^9 bytes at most, and names stand before the weights.
MOST_WEIGHTS = 950000000
# What a mean of ones in single precision may be beyond 1.
ROUNDING = 1e-6
# What a number may be, least and most, where that is not anything.
BOUNDS = {"accuracy": (0, 1), "test_accuracy": (0, 1), "gradient_norm": (0, None), "rate": (0, None), "ms": (0, None)}


class RecorderError(Exception):
    """What was asked of the recorder cannot be done; the sentence says what to do instead."""


class _BeyondOne(RecorderError):
    """A share that is more than all."""


def _now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (time.time() % 1 * 1000)


def _say(sentence, depth):
    """Warns whoever called, so many calls up."""
    try:
        warnings.warn("normlab_recorder: " + sentence, RuntimeWarning, stacklevel=depth + 1)
    except Warning:
        # Where a program has warnings be errors it is told by one; the thread that writes has to go on.
        if not isinstance(threading.current_thread(), _Writer):
            raise
        print("normlab_recorder: " + sentence, file=sys.stderr)


def _json(value):
    """JSON as UTF-8. What is no character (half of a pair, as in names of files that are not UTF-8) becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _number(value, what, least=None, most=None):
    """A float of a number, an array or a tensor of one element; None stays None."""
    if value is None:
        return None
    try:
        value = float(value)
    except (TypeError, ValueError):
        raise RecorderError("%s must be one number, not %s" % (what, type(value).__name__)) from None
    if most is not None and most < value <= most + ROUNDING:
        return float(most)
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = "%g or more" % least if most is None else "from %g to %g" % (least, most)
        raise (_BeyondOne if value > 0 else RecorderError)("%s is %g; it must be %s" % (what, value, bounds))
    return value


def _real(value):
    """As a column has it: NaN, which SQLite lacks, is NULL."""
    return None if value is None or math.isnan(value) else value


class Recorder:
    """One training, written to one file.

    file: where to write it; it must not be there yet.
    name, network, data: what the run, its network and its data are called.
    units: names of the units, for norms that are given to `step`; not for PyTorch.
    settings: what the training was set to, name to text, number or truth value, as the page should show and compare it.
    lab, token: address and token of a lab that is served (`normlab serve`; both are in its data folder's serve.json). NORMLAB_LAB and NORMLAB_TOKEN
        where they are not given. The file is written at any rate, and what the lab did not hear is sent later.
    every: measure norms at every so-manieth step alone.
    """

    def __init__(self, file, name=None, network=None, data=None, seed=None, units=None, settings=None, lab=None, token=None, every=1):
        self._file = os.path.abspath(os.fspath(file))
        if os.path.exists(self._file):
            raise RecorderError("%s: there is such a file already; name another, or move it away" % self._file)
        if not isinstance(every, int) or every < 1:
            raise RecorderError("every must be a whole number of 1 or more")
        self._every = every
        self._name, self._network, self._data = name, network, data
        self._seed = None if seed is None else int(seed)
        self._session = uuid.uuid4().hex
        # The page tells what the program told, the seed among it.
        self._settings = _checked_settings(dict({} if seed is None else {"seed": int(seed)}, **(settings or {})))
        self._framework = "Python " + platform.python_version()
        self._parameters, self._device = None, None
        self._units = None if units is None else _checked_units(units)
        self._steps = 0
        self._epoch_first, self._epoch_number = 1, 1
        self._epoch_began = self._last_time = time.perf_counter()
        self._timed = False
        self._torch = None
        self._closed = False
        self._state, self._problem = "running", None
        self._notices, self._remarked = [], set()
        self._dropped = set()
        self._writer = _Writer(self._file, _address(lab), token or os.environ.get("NORMLAB_TOKEN", ""), self._remark)
        self._created = _now()
        self._tell()
        self._writer.start()
        atexit.register(self._at_exit)

    # What a training calls.

    def watch(self, model, blocks=None, kinds=None, input_gradient=False):
        """Measures a PyTorch network's blocks.

        blocks: a pattern of module names, a part at a time ("layer*.*", "blocks.*", "transformer.h.*"), or several; an nn.Sequential or nn.ModuleList, whose
            children they are; or modules by hand, as a list or by name. None where the forward pass marks boundaries by `recorder.boundary`.
        kinds: pattern of unit names to "stem", "block" or "transition"; units are blocks unless told.
        input_gradient: where the first boundary is the data itself, lets a gradient reach it (which costs the first layer's way back).
        """
        if self._torch is not None:
            raise RecorderError("this recorder watches a network already; make one recorder a network")
        if self._units is not None:
            raise RecorderError("units were given by name; leave them out where a network is watched")
        self._torch = _TorchProbe(self, model, blocks, kinds or {}, input_gradient)
        self._framework, self._device = self._torch.framework, self._torch.device
        self._parameters = self._torch.parameters
        if self._network is None:
            self._network = type(self._torch.root).__name__
        self._tell()
        return self

    def boundary(self, x, unit=None):
        """Marks x, in a forward pass, as what enters the unit of this name; without a name, as what leaves the last one. Returns x."""
        if self._torch is None:
            raise RecorderError("watch the network first: recorder.watch(model)")
        return self._torch.mark(x, unit)

    def step(self, loss=None, accuracy=None, rate=None, norms=None, gradient_norm=None, optimizer=None, scaler=None, loss_scale=None, ms=None):
        """After a step's backward pass (or passes, where gradients are accumulated).

        loss: of the minibatch, a mean. accuracy: share classified right, 0-1. rate: the learning rate, or optimizer to read it from.
        norms: ||dE/dx||_2 at each boundary in forward order, one more than there are units, where no PyTorch network is watched.
        gradient_norm: ||dE/dtheta||_2, as clip_grad_norm_ returns it.
        scaler: the GradScaler of mixed precision (as it was in the backward pass), or loss_scale: what the loss was multiplied by; norms are divided by it.
        ms: how long the step took; measured from step to step unless told.
        """
        if self._closed:
            raise RecorderError("this recorder is closed")
        now = time.perf_counter()
        took = (now - self._last_time) * 1e3 if self._timed else None
        self._last_time, self._timed = now, True
        if rate is None and optimizer is not None:
            rate = optimizer.param_groups[0]["lr"]
        self._steps += 1
        row = {
            "step": self._steps,
            "epoch": self._epoch_number,
            "rate": self._checked(rate, "rate"),
            "ms": took if ms is None else self._checked(ms, "ms"),
            "at": time.time() * 1e3,
        }
        loss_scale = self._checked(loss_scale, "loss_scale")
        if self._torch is not None:
            if norms is not None:
                raise RecorderError("a watched network's norms are measured; leave norms out")
            collected = self._torch.collect(self._steps, loss_scale, scaler, loss, accuracy, gradient_norm)
            for what, value in collected.plain.items():
                collected.plain[what] = self._checked(value, what)
            self._writer.put(("step", row, collected))
            return
        row["loss"] = self._checked(loss, "loss")
        row["accuracy"] = self._checked(accuracy, "accuracy")
        row["gradient_norm"] = self._checked(gradient_norm, "gradient_norm")
        row["norms"] = self._given(norms, loss_scale or (scaler.get_scale() if scaler is not None else 1.0))
        self._writer.put(("step", row, None))

    def epoch(self, test_loss=None, test_accuracy=None):
        """At an epoch's end, with what the test set gave where it was tested."""
        if self._steps < self._epoch_first:
            raise RecorderError("an epoch needs a step: call recorder.step after each step")
        now = time.perf_counter()
        test_loss, test_accuracy = self._checked(test_loss, "test_loss", False), self._checked(test_accuracy, "test_accuracy", False)
        row = {
            "epoch": self._epoch_number,
            "first_step": self._epoch_first,
            "last_step": self._steps,
            "tested": int(test_loss is not None or test_accuracy is not None),
            "test_loss": _real(test_loss),
            "test_accuracy": _real(test_accuracy),
            "seconds": now - self._epoch_began,
        }
        self._epoch_first, self._epoch_number, self._epoch_began = self._steps + 1, self._epoch_number + 1, now
        # The test is no part of the next step's time.
        self._timed = False
        self._writer.put(("epoch", row))

    def weights(self):
        """Keeps the weights of the watched network's convolutions, dense layers and batch norms as they are now, for their singular values."""
        if self._torch is None:
            return self._remark("weights", "only a watched network has weights to keep")
        try:
            self._writer.put(("weights", self._steps, self._torch.weights()))
        except Exception as error:  # What a program calls at its end must not lose what it trained.
            self._remark("weights", "the weights after step %d are not kept: %s: %s" % (self._steps, type(error).__name__, _line(error)))

    def note(self, text, unit=None):
        """A word to this moment of the run, beside the curves."""
        names = self.units or []
        if unit is not None and unit not in names:
            self._remark("note", "there is no unit %r, so a note about it stands beside the whole network" % (unit,))
        self._writer.put(("note", self._steps, names.index(unit) if unit in names else None, str(text)[:2000], _now()))

    def close(self, state="done", problem=None):
        """Writes the rest; tells a lab that is served, and waits some seconds for it."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self._at_exit)
        if self._torch is not None:
            self._torch.release()
        self._state, self._problem = state, problem
        self._tell()
        self._writer.close()

    @property
    def file(self):
        return self._file

    @property
    def units(self):
        """Names of the units in forward order; None before the first forward pass."""
        return None if self._units is None else [unit["name"] for unit in self._units]

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _trace):
        if kind is None:
            self.close()
        elif kind is KeyboardInterrupt or (kind is SystemExit and not getattr(error, "code", error)):
            self.close("stopped")
        else:
            self.close("failed", "%s: %s" % (kind.__name__, error))

    # Within.

    def _at_exit(self):
        # Nobody said how it ended.
        self.close("stopped")

    def _checked(self, value, what, may_end=True):
        """A number as it is told; one that cannot be is an error at the first step, and left out later on, since the training comes first.

        An accuracy beyond 1 is in percent, say, and so are those before and behind it, whatever they are: none of the run stays.
        """
        if what in self._dropped:
            return None
        try:
            return _number(value, what, *BOUNDS.get(what, ()))
        except _BeyondOne as error:
            if may_end and self._steps <= 1:
                raise
            self._dropped.add(what)
            self._writer.put(("without", what))
            return self._remark(what, "%s; all of the run are left out, but those that a lab has heard of" % error)
        except RecorderError as error:
            if may_end and self._steps <= 1:
                raise
            return self._remark(what, "%s, and is left out" % error)

    def _remark(self, about, sentence):
        """Says what is missing, and why: once beside the training, and in the file."""
        if about not in self._remarked:
            self._remarked.add(about)
            self._notices.append({"step": self._steps, "at": _now(), "message": sentence[:2000]})
            self._tell()
            _say("%s (the training goes on)" % sentence, 3)

    def _given(self, norms, scale):
        if norms is None or (self._steps - 1) % self._every:
            return b""
        try:
            return self._norms(norms, scale)
        except RecorderError as error:
            if self._steps <= 1:
                raise
            self._remark("norms", "%s; the norms of step %d are left out" % (error, self._steps))
            return b""

    def _norms(self, norms, scale):
        values = [float(norm) / scale for norm in norms]
        if self._units is None:
            self._units = _checked_units(["unit%d" % (i + 1) for i in range(len(values) - 1)])
            self._tell()
        if len(values) != len(self._units) + 1:
            raise RecorderError("%d norms were given for %d units; each boundary has one, so it must be %d" % (len(values), len(self._units), len(self._units) + 1))
        if any(value < 0 for value in values):
            raise RecorderError("a norm is not negative")
        return _floats(values)

    def _set_units(self, units):
        self._units = units
        self._tell()

    def _tell(self):
        """The run's manifest as it is now goes to the writer."""
        origin = {
            "kind": "recorder",
            "session": self._session,
            "framework": self._framework[:200],
            "program": os.path.basename(sys.argv[0] or "")[:200],
            "machine": platform.node()[:200],
            "settings": self._settings,
            "every": self._every,
        }
        network = {"format": "normlab/network", "version": 1, "name": (self._network or NOT_TOLD)[:200], "nodes": [{"id": "input", "kind": "input"}]}
        configuration = {"version": CONFIGURATION_VERSION, "origin": origin, "network": network, "data": {"name": (self._data or NOT_TOLD)[:200]}}
        if self._seed is not None:
            configuration["seed"] = self._seed
        self._writer.put((
            "manifest",
            {
                "version": BUNDLE_VERSION,
                "name": (self._name or self._network or os.path.splitext(os.path.basename(self._file))[0])[:200],
                "state": self._state,
                "problem": None if self._problem is None else {"message": str(self._problem)[:2000], "step": self._steps},
                "configuration": configuration,
                "units": self._units or [],
                "parameters": self._parameters,
                "device": self._device,
                "versions": {"recorder": __version__, "Python": platform.python_version(), "framework": self._framework[:200], "system": platform.platform()[:200]},
                "steps": self._steps,
                "stepsPerEpoch": 0,
                "createdAt": self._created,
                "startedAt": self._created,
                "endedAt": None if self._state == "running" else _now(),
                "notices": list(self._notices),
                "tags": [],
                "note": "",
                "dataHash": "",
            },
        ))


def _checked_settings(settings):
    checked = {}
    for name, value in settings.items():
        if not isinstance(value, (str, int, float, bool)) or (isinstance(value, float) and not math.isfinite(value)):
            value = str(value)
        checked[str(name)[:100]] = value[:500] if isinstance(value, str) else value
    if len(checked) > 200:
        raise RecorderError("there are %d settings; give at most 200" % len(checked))
    return checked


def _checked_units(units, kinds=None, shapes=None):
    names = [str(unit)[:1000] for unit in units]
    if not names or len(set(names)) < len(names):
        raise RecorderError("units need names that differ, and there must be one at least")
    return [{"name": name, "kind": (kinds or {}).get(name, "block"), "shape": (shapes or {}).get(name, [])} for name in names]


def _floats(values):
    return struct.pack("<%df" % len(values), *[_single(value) for value in values])


def _single(value):
    # struct refuses what single precision cannot hold.
    if math.isfinite(value) and abs(value) > 3.4028234e38:
        return math.copysign(math.inf, value)
    return value


def _matches(pattern, name):
    """Whether a module's name fits a pattern, a part between dots at a time."""
    parts, words = name.split("."), pattern.split(".")
    if len(parts) != len(words):
        return False
    return all(re.fullmatch(re.escape(word).replace(r"\*", ".*").replace(r"\?", "."), part) for word, part in zip(words, parts))


class _Pass:
    """One forward pass through the network, of one thread."""

    def __init__(self):
        self.units = []
        # By unit's name, of all that were entered.
        self.shapes = {}
        self.between = []
        # The block that is being passed through, and the tensors that were boundaries, weakly, with the version that they had.
        self.open = None
        self.boundaries = []
        # Boundaries are named by `boundary` rather than by blocks: the unit that entered last.
        self.entered = None
        self.is_over = False
        # Where the weights stood, and the step in which each boundary's gradient arrived.
        self.weights = None
        self.arrived = {}


class _TorchProbe:
    """Hooks in a PyTorch network, and what arrives at them on the way back."""

    def __init__(self, recorder, model, blocks, kinds, input_gradient):
        self.torch = torch = sys.modules.get("torch")
        if torch is None or not isinstance(model, torch.nn.Module):
            raise RecorderError("watch takes a torch.nn.Module, not %s; elsewhere give norms to step" % type(model).__name__)
        if type(model).__name__ == "OptimizedModule":
            raise RecorderError("the network is compiled as a whole, and hooks are not seen in it; watch it before, and compile its blocks one by one")
        self.recorder = recorder
        self.is_parallel = isinstance(model, torch.nn.parallel.DistributedDataParallel)
        self.root = model.module if self.is_parallel or isinstance(model, torch.nn.DataParallel) else model
        for kind in kinds.values():
            if kind not in ("stem", "block", "transition"):
                raise RecorderError("a unit is a stem, a block or a transition, not %r" % kind)
        self.kinds = kinds
        self.input_gradient = input_gradient
        self.framework = "PyTorch %s" % torch.__version__
        first = next(model.parameters(), None)
        self.device = "none" if first is None else str(first.device)
        if first is not None and first.is_cuda:
            self.device = torch.cuda.get_device_name(first.device)
        self.parameters = sum(parameter.numel() for parameter in self.root.parameters())
        self.learned = next((parameter for parameter in self.root.parameters() if parameter.requires_grad), None)
        self.passes = {}
        self.lock = threading.Lock()
        self.arrived = []
        # Whether tensors of these shapes and strides fill their place without gaps.
        self.dense = {}
        self.structure = None
        self.has_measured = False
        self.trouble = None
        self.is_wide = True
        # Of what arrived since the last step: where the weights stood, and why it is no norm of a minibatch.
        self.weights_of_step = self.spoilt = None
        # Once a step told of it: mixed precision's scaler, and its scale when the forward pass began.
        self.scaler = self.scale = None
        self.layers = {}
        self.handles = [self.root.register_forward_pre_hook(self._begin), self.root.register_forward_hook(self._end)]
        named = dict((module, name) for name, module in self.root.named_modules())
        for name, module in self._chosen(blocks, named):
            self.handles.append(_before_forward(module, self._entering(name)))
            self.handles.append(module.register_forward_hook(self._leaving(name)))
        self.sizing = []
        for name, module in self.root.named_modules():
            if isinstance(module, torch.nn.Conv2d):
                self.sizing.append(module.register_forward_pre_hook(self._sized(name)))

    def _chosen(self, blocks, named):
        torch = self.torch
        if blocks is None:
            return []
        if isinstance(blocks, (torch.nn.Sequential, torch.nn.ModuleList)):
            found = [(named.get(child, "block%d" % (i + 1)), child) for i, child in enumerate(blocks)]
        elif isinstance(blocks, dict):
            found = list(blocks.items())
        elif isinstance(blocks, str) or (len(blocks) > 0 and all(isinstance(block, str) for block in blocks)):
            patterns = [blocks] if isinstance(blocks, str) else list(blocks)
            found = [(name, module) for module, name in named.items() if any(_matches(pattern, name) for pattern in patterns)]
            for pattern in patterns:
                if not any(_matches(pattern, name) for name in named.values()):
                    some = ", ".join([name for name in named.values() if name][:12])
                    raise RecorderError("no module's name fits %r; a * stands for one part between dots. There are %s, ..." % (pattern, some))
        else:
            found = [(named.get(block, "block%d" % (i + 1)), block) for i, block in enumerate(blocks)]
        if not found:
            raise RecorderError("there are no blocks to watch")
        for name, module in found:
            if not isinstance(module, torch.nn.Module):
                raise RecorderError("%r is no module" % (name,))
        modules = [module for _, module in found]
        if len(set(modules)) < len(modules):
            raise RecorderError("a block is there twice; blocks that share their weights cannot be told apart by hooks: mark them by recorder.boundary")
        return found

    # The way forth.

    @property
    def _measures(self):
        return self.trouble is None and self.torch.is_grad_enabled() and self.root.training and self.recorder._steps % self.recorder._every == 0

    def _begin(self, _module, _inputs):
        key = threading.get_ident()
        if self._measures:
            current = self.passes[key] = _Pass()
            current.weights = None if self.learned is None else self.learned._version
            if self.scaler is not None:
                self.scale = _scale_of(self.scaler)
        else:
            self.passes.pop(key, None)

    def _end(self, _module, _inputs, _output):
        current = self.passes.pop(threading.get_ident(), None)
        if current is None or self.trouble is not None:
            return
        current.is_over = True
        if current.entered is not None:
            return self._refuse("the forward pass ends within unit %r; mark what leaves it by recorder.boundary(x)" % current.entered)
        if not current.units:
            return self._refuse("no block was called in the forward pass; give other blocks, or mark boundaries by recorder.boundary")
        with self.lock:
            if self.structure is None:
                self.structure = list(current.units)
                kinds = {name: "transition" for name in current.between}
                for name in current.units:
                    for pattern, kind in self.kinds.items():
                        if _matches(pattern, name):
                            kinds[name] = kind
                self.recorder._set_units(_checked_units(current.units, kinds, current.shapes))
                for handle in self.sizing:
                    handle.remove()
            elif self.structure != current.units:
                self._refuse("the blocks were called in another order than before; only a network with a fixed chain of blocks is measured")

    def _current(self):
        return self.passes.get(threading.get_ident())

    def _entering(self, name):
        def hook(_module, inputs, options):
            current = self._current()
            if current is None or self.trouble is not None:
                return None
            if current.open is not None:
                return self._refuse("block %s lies in block %s; watch the inner or the outer ones" % (name, current.open))
            if not self.torch.is_grad_enabled():
                return self._refuse(
                    "block %s runs without gradients in a pass that has them; a block in torch.utils.checkpoint can be measured with use_reentrant=False, one in no_grad not at all" % name
                )
            x = _tensor_of([inputs, options], self.torch)
            if x is None:
                return self._refuse("no tensor enters block %s" % name)
            current.open = name
            replaced = self._enter(current, x, name)
            if replaced is x:
                return None
            return tuple(replaced if one is x else one for one in inputs), {key: replaced if one is x else one for key, one in options.items()}

        return hook

    def _leaving(self, name):
        def hook(_module, _inputs, output):
            current = self._current()
            if current is None or self.trouble is not None:
                return
            current.open = None
            y = _tensor_of(output, self.torch)
            if y is None:
                return self._refuse("no tensor leaves block %s" % name)
            self._attach(current, y, "what leaves block %s" % name)

        return hook

    def _enter(self, current, x, name):
        if name in current.shapes:
            self._refuse("block %s is called twice in a forward pass, and would have two places in the chain; mark its boundaries by recorder.boundary" % name)
            return x
        if current.boundaries and not _is_at(current.boundaries[-1], x):
            if any(known() is x for known, _ in current.boundaries[:-1]):
                self._refuse("what enters block %s entered another one before: they are branches and no chain" % name)
                return x
            between = "between %s and %s" % (current.units[-1], name)
            self._unit(current, between, None)
            current.between.append(between)
            x = self._attach(current, x, "what enters block %s" % name)
        elif not current.boundaries:
            x = self._attach(current, x, "what enters block %s" % name)
        self._unit(current, name, x)
        return x

    def mark(self, x, unit):
        current = self._current()
        if current is None or self.trouble is not None:
            return x
        if unit is None:
            current.entered = None
            return self._attach(current, x, "what leaves the last unit")
        if unit in current.shapes:
            self._refuse("unit %r is entered twice in a forward pass; give each place a name of its own" % unit)
            return x
        x = self._attach(current, x, "what enters unit %r" % unit)
        self._unit(current, str(unit), x)
        current.entered = str(unit)
        return x

    def _unit(self, current, name, x):
        current.units.append(name)
        shape = [] if x is None or self.structure is not None else list(x.shape[1:])
        # Channels last, as NormLab tells shapes.
        current.shapes[name] = [shape[1], shape[2], shape[0]] if len(shape) == 3 else shape

    def _attach(self, current, x, what):
        if not x.requires_grad:
            if not (self.input_gradient and not current.boundaries and x.is_floating_point()):
                self._refuse("%s needs no gradient, so none can be measured there; begin with a later block, or watch with input_gradient=True" % what)
                return x
            x = x.detach().requires_grad_(True)
        index = len(current.boundaries)
        current.boundaries.append((weakref.ref(x), x._version))
        # Of the value as it is now: an operation in place afterwards leaves this hook where it was.
        x.register_hook(functools.partial(self._arrive, current, index))
        return x

    def _refuse(self, sentence):
        """Before anything was measured that is an error; later on the training comes first."""
        self.trouble = sentence
        self.passes.clear()
        if not self.has_measured:
            raise RecorderError(sentence)
        self.recorder._remark("measuring", "norms are no longer measured: " + sentence)

    # The way back.

    # Between two large operations a processor has none of this in its caches: each call of PyTorch that is spared here is worth ten microseconds.

    def _arrive(self, current, index, gradient):
        try:
            if self._is_spoilt(current, index):
                return
            values = self._squares(gradient.detach() if gradient.requires_grad else gradient)
            with self.lock:
                for value in values:
                    self.arrived.append((index, value))
        except Exception as error:  # The backward pass is not ours to end.
            self._fail(error)

    def _is_spoilt(self, current, index):
        """Whether a gradient is none of the step's minibatch: a pass goes back through its boundaries once, and the weights are the same for all of a minibatch."""
        step = self.recorder._steps
        if current.arrived.get(index) == step:
            self.spoilt = (
                "two backward passes went through one forward pass (retain_graph=True, or torch.autograd.grad before backward); the norm of their sum is not known: add the losses, "
                "and go back once"
            )
            return True
        current.arrived[index] = step
        if self.weights_of_step is None:
            self.weights_of_step = current.weights
        if current.weights == self.weights_of_step:
            return False
        self.recorder._remark("weights of a step", "the weights changed between the passes of step %d; the norms of such a step are of the weights that it began with" % (step + 1))
        return True

    def _squares(self, gradient):
        """The sum of squares in pieces that are exact enough, on the device."""
        torch = self.torch
        if gradient.is_sparse:
            gradient = gradient.coalesce().values()
        if not gradient.is_cpu:
            wide = self.is_wide and gradient.device.type != "mps"
            norm = torch.linalg.vector_norm(gradient, dtype=torch.float64 if wide else torch.float32)
            return [norm.double().square() if wide else norm.square()]
        flat = self._flat(gradient)
        if self.is_wide:
            flat = flat.double()
        elif flat.dtype not in (torch.float32, torch.float64):
            flat = flat.float()
        pieces = -(-flat.numel() // PIECE)
        return [torch.dot(piece, piece) for piece in (flat.tensor_split(pieces) if pieces > 1 else (flat,))]

    def _flat(self, gradient):
        """A gradient's values in the order in which they lie, whatever the order of its axes, so that nothing is copied."""
        shape, strides = gradient.shape, gradient.stride()
        if (shape, strides) not in self.dense:
            self.dense[shape, strides] = _is_dense(shape, strides)
        if self.dense[shape, strides] and type(gradient) is self.torch.Tensor:
            return gradient.as_strided((gradient.numel(),), (1,))
        return gradient.reshape(-1)

    def _fail(self, error):
        if self.trouble is None:
            self.trouble = "%s: %s" % (type(error).__name__, error)
            self.recorder._remark("measuring", "norms are no longer measured: " + self.trouble)

    def collect(self, step, scale, scaler, loss, accuracy, gradient_norm):
        """Takes what arrived since the last step, as one vector on its way to the host; the writer reads it."""
        with self.lock:
            arrived, self.arrived = self.arrived, []
            spoilt, self.spoilt, self.weights_of_step = self.spoilt, None, None
        if scale is None and scaler is not None:
            # It is another one behind `scaler.update()`.
            scale = _scale_of(scaler) if self.scaler is None or self.scale is None else self.scale
            self.scaler = scaler
        told = {"loss": loss, "accuracy": accuracy, "gradient_norm": gradient_norm}
        try:
            return self._collected(arrived, told, step, scale, spoilt)
        except RecorderError:
            raise
        except Exception as error:
            self._fail(error)
            return _Collected(self, None, [], {}, [], 1.0, False, 1)

    def _collected(self, arrived, told, step, scale, spoilt):
        torch = self.torch
        is_due = (step - 1) % self.recorder._every == 0
        wanted = self.trouble is None and is_due
        if wanted and not arrived:
            spoilt = spoilt or (
                "no gradient arrived at any boundary since the last step: call step after backward, let the forward pass go through the watched network in training mode "
                "(model.train() after a test), and watch the module that is called"
            )
        if wanted and spoilt is not None:
            if not self.has_measured:
                raise RecorderError(spoilt)
            self.recorder._remark(spoilt, "step %d has no norms: %s" % (step, spoilt))
        if not wanted or spoilt is not None:
            arrived = []
        self.has_measured = self.has_measured or bool(arrived)
        plain, tensors, names = {}, [], []
        if isinstance(scale, torch.Tensor):
            told = dict(told, scale=scale)
        for name, value in told.items():
            if isinstance(value, torch.Tensor):
                if value.numel() != 1:
                    raise RecorderError("%s must be one number, not a tensor of %d" % (name, value.numel()))
                if value.is_cpu:
                    plain[name] = value.item()
                else:
                    tensors.append(value.detach().reshape(()))
                    names.append(name)
            else:
                plain[name] = value
        sums = [value for _, value in arrived]
        indices = [index for index, _ in arrived]
        world = 1
        if self.is_parallel and is_due and self.has_measured and torch.distributed.is_initialized():
            world = torch.distributed.get_world_size()
        if world > 1:
            # Every process waits for all others here: also one that has nothing to add, and all with numbers of one kind.
            indices, sums = list(range(len(self.structure) + 3)), self._of_all(indices, sums)
        boundaries = 0 if self.structure is None or not (arrived or world > 1) else len(self.structure) + 1
        values = sums + tensors
        host, ready = self._to_host(values) if values else (None, None)
        collected = _Collected(self, host, indices, plain, names, 1.0 if scale is None else scale, self.is_wide, world)
        collected.boundaries, collected.ready = boundaries, ready
        return collected

    def _of_all(self, indices, sums):
        """Sums of squares over all processes, of which each one's gradient counts a world-th since E is the mean over them; and how many measured, and how many in double precision."""
        torch = self.torch
        boundaries = len(self.structure) + 1
        if sums:
            self.place = sums[0].device
        whole = torch.zeros(boundaries + 2, dtype=torch.float64, device=self.place)
        if sums:
            whole.index_add_(0, torch.tensor(indices, device=self.place), torch.stack([value.to(whole.dtype) for value in sums]))
            whole[boundaries:] = torch.tensor([1.0, float(self.is_wide)])
        torch.distributed.all_reduce(whole)
        return list(whole.unbind())

    def _to_host(self, values):
        """One copy; it goes on beside the next step where the device lets it. On the host there is nothing to copy."""
        torch = self.torch
        if all(value.is_cpu for value in values):
            return values, None
        # float32 holds what float32 measured, and on a device that has no float64 nothing else may stand.
        dtype = torch.float64 if any(value.dtype == torch.float64 for value in values) else torch.float32
        device = values[0].device
        stacked = torch.stack([value.to(device=device, dtype=dtype) for value in values])
        if device.type != "cuda":
            return stacked.cpu(), None
        host = torch.empty(stacked.shape, dtype=dtype, pin_memory=True)
        host.copy_(stacked, non_blocking=True)
        ready = torch.cuda.Event()
        ready.record()
        return host, ready

    # Weights.

    def _sized(self, name):
        def hook(_module, inputs):
            if inputs and hasattr(inputs[0], "shape") and len(inputs[0].shape) == 4:
                self.layers[name] = [int(side) for side in inputs[0].shape[2:]]

        return hook

    def weights(self):
        """The linear layers with their kernels, as NormLab has them: [kh, kw, in / groups, out] and [in, out]."""
        torch = self.torch
        layers, tensors = [], []

        def keep(name, tensor):
            copy = tensor.detach().to(device="cpu", dtype=torch.float32).contiguous().clone()
            tensors.append((name, list(copy.shape), copy))

        units = self.structure or []
        for name, module in self.root.named_modules():
            unit = next((unit for unit in units if name == unit or name.startswith(unit + ".")), None)
            named = {"name": name, "unit": unit}
            if isinstance(module, torch.nn.Linear):
                layers.append(dict(named, kind="dense", parameter=name + ".kernel", shape=[module.in_features, module.out_features]))
                keep(name + ".kernel", module.weight.t())
            elif isinstance(module, torch.nn.Conv2d):
                one = [module.stride, module.dilation] + ([] if isinstance(module.padding, str) else [module.padding])
                padding = module.padding if isinstance(module.padding, str) else module.padding[0]
                if name not in self.layers or any(a != b for a, b in one) or padding == "valid" or module.padding_mode != "zeros":
                    if padding != "valid" or name not in self.layers:
                        continue
                    padding = 0
                out, inner, height, width = module.weight.shape
                layers.append(dict(
                    named, kind="convolution", parameter=name + ".kernel", shape=[height, width, inner, out], sides=self.layers[name],
                    stride=module.stride[0], dilation=module.dilation[0], groups=module.groups, padding=padding,
                ))
                keep(name + ".kernel", module.weight.permute(2, 3, 1, 0))
            elif isinstance(module, torch.nn.BatchNorm2d) and module.affine and module.running_var is not None:
                layers.append(dict(named, kind="batch-norm", parameter=name + ".gamma", variance=name + ".variance", epsilon=module.eps, sides=[1, 1], channels=module.num_features))
                keep(name + ".gamma", module.weight)
                keep(name + ".variance", module.running_var)
        return layers, tensors

    def release(self):
        for handle in self.handles + self.sizing:
            handle.remove()


def _tensor_of(value, torch):
    """The first tensor of real numbers, in whatever a block takes or returns."""
    if isinstance(value, torch.Tensor):
        return value if value.is_floating_point() else None
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return next((one for one in (_tensor_of(inner, torch) for inner in value) if one is not None), None)
    return None


def _before_forward(module, hook):
    """Has a hook see what a module is called with, by place and by name."""
    try:
        return module.register_forward_pre_hook(hook, with_kwargs=True)
    except TypeError:  # PyTorch before 2.0 tells those by place alone.
        def by_place(module, inputs):
            replaced = hook(module, inputs, {})
            return None if replaced is None else replaced[0]

        return module.register_forward_pre_hook(by_place)


def _scale_of(scaler):
    """A GradScaler's scale as it is now, left on its device, since asking for the number would wait for all that goes on there."""
    scale = getattr(scaler, "_scale", None)
    return scaler.get_scale() if scale is None else scale.detach().clone()


def _is_dense(shape, strides):
    """Whether a tensor's values lie side by side, each once."""
    length = 1
    for stride, side in sorted(zip(strides, shape)):
        if side != 1 and stride != length:
            return False
        length *= side
    return length > 0


def _is_at(boundary, x):
    known, version = boundary
    return known() is x and x._version == version


class _Collected:
    """What a step left on its way to the host."""

    def __init__(self, probe, host, indices, plain, names, scale, wide, world):
        self.probe, self.host, self.indices, self.plain, self.names = probe, host, indices, plain, names
        self.scale, self.wide, self.world = scale, wide, world
        self.boundaries, self.ready = 0, None

    def row(self):
        if self.ready is not None:
            self.ready.synchronize()
        values = [] if self.host is None else [float(value) for value in self.host] if isinstance(self.host, list) else self.host.tolist()
        told = dict(self.plain)
        told.update(zip(self.names, values[len(self.indices):]))
        recorder, factor = self.probe.recorder, told.pop("scale", self.scale) * self.world
        if self.world > 1:
            measured, wide = values[self.boundaries : self.boundaries + 2]
            self.wide = wide == self.world
            if measured < self.world:
                self.boundaries = 0
                recorder._remark("processes", "norms are missing where not all processes measured their own")
        squares = [0.0] * self.boundaries
        seen = [False] * self.boundaries
        lost = False
        for index, value in zip(self.indices, values):
            if index < self.boundaries:
                squares[index] += value
                seen[index] = True
        norms = []
        for value, was_seen in zip(squares, seen):
            is_narrow = not self.wide and not NARROW_LEAST < value < NARROW_GREATEST
            lost = lost or is_narrow
            # What single precision lost is not measured, which is no zero.
            norms.append(math.nan if is_narrow or not was_seen else math.sqrt(value) / factor if value >= 0 else math.nan)
        if self.boundaries:
            # Single precision is quicker where all that was measured lies well within it.
            self.probe.is_wide = lost or not all(1e-12 < norm * factor < 1e12 for norm in norms)
        row = {"norms": _floats(norms)}
        for name in ("loss", "accuracy", "gradient_norm"):
            row[name] = recorder._checked(told.get(name), name, False)
        return row


def _address(lab):
    lab = lab or os.environ.get("NORMLAB_LAB")
    return None if not lab else lab.split("#")[0].rstrip("/")


class _Writer(threading.Thread):
    """Writes the file once a second, and tells a lab what is in it. What the training puts down does not wake it: that would cost a step as much as a norm does."""

    def __init__(self, file, lab, token, remark):
        super().__init__(name="normlab-recorder", daemon=True)
        self.file, self.remark = file, remark
        self.entries = collections.deque()
        self.is_over = threading.Event()
        self.lab = None if lab is None else _Lab(lab, token)
        self.trouble = False
        self.manifest = None
        folder = os.path.dirname(file)
        if not os.path.isdir(folder):
            raise RecorderError("%s: there is no such folder" % folder)
        # Opened here, so that a place that cannot be written is told of before the training begins.
        try:
            self.store = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            self.store.execute("PRAGMA application_id = %d" % APPLICATION_ID)
            self.store.execute("PRAGMA synchronous = NORMAL")
            self.store.execute("BEGIN")
            for name, columns in TABLES.items():
                self.store.execute("CREATE TABLE %s (%s)" % (name, columns))
            self.store.execute("COMMIT")
        except sqlite3.Error as error:
            raise RecorderError("%s cannot be written: %s" % (file, error)) from None

    def put(self, entry):
        self.entries.append(entry)

    def run(self):
        pending, is_end = [], False
        # What is written last may have left a remark.
        while not is_end or self.entries:
            is_end = self.is_over.wait(COMMIT_SECONDS)
            while self.entries:
                pending.append(self.entries.popleft())
            pending = self._commit(pending)
            if self.lab is not None and not is_end:
                self._guarded(self.lab.tell, self.store, self.manifest)

    def _guarded(self, work, *given):
        try:
            return work(*given)
        except Exception as error:
            self._warn("%s: %s" % (type(error).__name__, error))
            return None

    def _warn(self, sentence):
        if not self.trouble:
            self.trouble = True
            _say("%s (the training goes on)" % sentence, 2)

    def _commit(self, pending):
        """Stores entries; returns those that a full or locked disk kept out, to be tried again."""
        rows = []
        for entry in pending:
            try:
                rows.append(self._read(entry))
            except Exception as error:
                self._leave_out(entry, error)
        # Weights each by themselves, behind the rest: where they find no room, steps may.
        parts = [[row for row in rows if row[0] != "weights"]] + [[row] for row in rows if row[0] == "weights"]
        return [row for part in parts for row in self._store(part)][-100000:]

    def _store(self, rows):
        """Stores rows, all or none, but those that no disk would take; returns what is to be tried again."""
        if not rows:
            return []
        try:
            self.store.execute("BEGIN")
            for row in rows:
                self.store.execute("SAVEPOINT one")
                try:
                    getattr(self, "_" + row[0])(*row[1:])
                except sqlite3.OperationalError:
                    raise
                except Exception as error:
                    self.store.execute("ROLLBACK TO one")
                    self._leave_out(row, error)
                self.store.execute("RELEASE one")
            self.store.execute("COMMIT")
            return []
        except sqlite3.Error as error:
            self._warn("%s cannot be written: %s" % (self.file, error))
            if self.store.in_transaction:
                self._guarded(self.store.execute, "ROLLBACK")
            return rows

    def _leave_out(self, entry, error):
        """One entry is lost, whatever it is, and not those behind it."""
        kind, first = entry[:2]
        what = {"step": "step %s", "epoch": "epoch %s", "note": "the note at step %s", "weights": "the weights after step %s"}.get(kind, "what the run is")
        at = (first[kind] if kind in ("step", "epoch") else first,) if "%s" in what else ()
        self.remark("left out " + kind, "%s cannot be written and is left out: %s: %s" % (what % at, type(error).__name__, _line(error)))

    @staticmethod
    def _read(entry):
        if entry[0] != "step" or entry[2] is None:
            return entry
        row = dict(entry[1])
        row.update(entry[2].row())
        return ("step", row, None)

    def _step(self, row, _collected):
        value = {name: _real(row.get(name)) for name in ("loss", "accuracy", "rate", "ms", "gradient_norm")}
        self.store.execute(
            "INSERT INTO steps (step, epoch, loss, accuracy, rate, ms, norms, gradient_norm) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row["step"], row["epoch"], value["loss"], value["accuracy"], value["rate"], value["ms"], row["norms"], value["gradient_norm"]),
        )
        self.store.execute("INSERT INTO scalars (step, epoch, at) VALUES (?, ?, ?)", (row["step"], row["epoch"], row["at"]))

    def _epoch(self, row):
        names = list(row)
        # What follows from the steps is worked out where they are read.
        self.store.execute(
            "INSERT INTO epochs (%s, ratio_mean, ratio_min, ratio_max) VALUES (%s, x'', x'', x'')" % (", ".join(names), ", ".join("?" * len(names))),
            [row[name] for name in names],
        )

    def _without(self, column):
        self.store.execute("UPDATE %s SET %s = NULL" % ("steps" if column == "accuracy" else "epochs", column))

    def _note(self, step, unit, text, at):
        self.store.execute("INSERT INTO annotations VALUES (?, ?, ?, ?)", (step, unit, text.encode("utf-8", "replace").decode(), at))

    def _weights(self, step, kept):
        layers, tensors = kept
        size = 4 * sum(tensor.numel() for _name, _shape, tensor in tensors)
        if size > MOST_WEIGHTS:
            raise RecorderError("they take %.1f GB, and a file holds %.1f GB of weights at a time" % (size / 1e9, MOST_WEIGHTS / 1e9))
        self.store.execute("DELETE FROM checkpoints WHERE step = ?", (step,))
        self.store.execute("INSERT INTO checkpoints VALUES (?, ?)", (step, _safetensors(tensors, step, layers)))

    def _manifest(self, manifest):
        self.manifest = manifest
        self.store.execute("DELETE FROM manifest")
        self.store.execute("INSERT INTO manifest VALUES (?)", (_json(manifest).decode(),))

    def close(self):
        self.is_over.set()
        self.join()
        if self.lab is not None:
            self._guarded(self._send_rest)
        self._guarded(self.store.close)

    def _send_rest(self):
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.lab.send(self.store, self.manifest):
            if self.lab.is_refused or time.monotonic() > until:
                self._warn("the lab at %s did not take all of %s: %s; `python -m normlab_recorder FILE` sends it later" % (self.lab.address, self.file, self.lab.why))
                return
            time.sleep(FIRST_REST)


def _safetensors(tensors, step, layers):
    """A file of weights as bytes: its header, then each tensor's values behind one another."""
    pieces, digest = [], hashlib.sha256()
    for name, _shape, tensor in tensors:
        data = _bytes_of(tensor)
        pieces.append(data)
        digest.update(name.encode())
        digest.update(data)
    metadata = {"format": WEIGHTS_FORMAT, "step": str(step), "layers": json.dumps(layers), "digest": digest.hexdigest()}
    return _safetensors_header([(name, shape) for name, shape, _tensor in tensors], metadata) + b"".join(pieces)


def _safetensors_header(shapes, metadata):
    """What stands before the values of tensors in single precision. shapes: name and shape of each, in the order of their values."""
    header, end = {"__metadata__": metadata}, 0
    for name, shape in shapes:
        length = 4
        for side in shape:
            length *= side
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + length]}
        end += length
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def _bytes_of(tensor):
    """A contiguous tensor's values, little-endian."""
    import ctypes

    data = ctypes.string_at(tensor.data_ptr(), tensor.numel() * 4) if tensor.numel() else b""
    if sys.byteorder == "big":
        data = struct.pack("<%df" % tensor.numel(), *struct.unpack(">%df" % tensor.numel(), data))
    return data


class _Lab:
    """A lab that is served: it is told the session and what it has not, and says how far it has come."""

    def __init__(self, address, token):
        self.address, self.token = address, token
        self.why = "it was not asked yet"
        self.is_refused = False
        self.rest, self.again = FIRST_REST, 0.0
        # The row of the last note that it has, and of what step that was known.
        self.noted, self.known = 0, 0

    def tell(self, store, manifest):
        """Sends what is new, unless the lab is left alone for the moment."""
        if self.is_refused or manifest is None or time.monotonic() < self.again:
            return
        if self.send(store, manifest):
            self.rest = FIRST_REST
            return
        self.again = time.monotonic() + self.rest
        self.rest = min(2 * self.rest, LONGEST_REST)

    def send(self, store, manifest):
        """Whether the lab has all of it now."""
        if manifest is None:
            return True
        have = self._post("/recorded", {"manifest": dict(manifest, state="running", endedAt=None, problem=None), "steps": [], "epochs": [], "notes": []})
        session = manifest["configuration"]["origin"]["session"]
        if have is None or have["step"] < self.known:
            # Another lab, or one that lost or deleted the run, is told all.
            self.noted = 0
        while have is not None:
            self.known = have["step"]
            steps = self._steps(store, have["step"], manifest)
            last = steps[-1]["step"] if steps else have["step"]
            is_all = store.execute("SELECT count(*) FROM steps WHERE step > ?", (last,)).fetchone()[0] == 0
            epochs = self._epochs(store, have["epoch"], last)
            rows = store.execute("SELECT rowid, step, unit, text, at FROM annotations WHERE rowid > ? ORDER BY rowid LIMIT ?", (self.noted, MESSAGE_NOTES)).fetchall() if is_all else []
            is_all = is_all and len(rows) < MESSAGE_NOTES
            if is_all and not self._send_weights(store, have["weights"], session):
                return False
            told = manifest if is_all else dict(manifest, state="running", endedAt=None, problem=None)
            notes = [dict(zip(("step", "unit", "text", "at"), row[1:])) for row in rows]
            have = self._post("/recorded", {"manifest": told, "steps": steps, "epochs": epochs, "notes": notes})
            if have is not None and rows:
                self.noted = rows[-1][0]
            if is_all:
                return have is not None
        return False

    def _send_weights(self, store, known, session):
        """One step's weights after another: of all together there may be more than memory holds."""
        for row, step in store.execute("SELECT rowid, step FROM checkpoints ORDER BY step").fetchall():
            if step not in known:
                (data,) = store.execute("SELECT data FROM checkpoints WHERE rowid = ?", (row,)).fetchone()
                if self._put("/recorded/%s/%d" % (session, step), data) is None:
                    return False
        return True

    @staticmethod
    def _steps(store, after, manifest):
        most = max(1, min(MESSAGE_STEPS, MESSAGE_NORMS // (len(manifest["units"]) + 1)))
        sql = (
            "SELECT s.step, s.epoch, s.loss, s.accuracy, s.rate, s.ms, s.gradient_norm, c.at, s.norms FROM steps s JOIN scalars c ON c.rowid = s.rowid "
            "WHERE s.step > ? ORDER BY s.step LIMIT ?"
        )
        names = ("step", "epoch", "loss", "accuracy", "rate", "ms", "gradientNorm", "at")
        rows = []
        for row in store.execute(sql, (after, most)):
            told = {name: _told(value) for name, value in zip(names, row)}
            told["norms"] = base64.b64encode(row[8]).decode()
            rows.append(told)
        return rows

    @staticmethod
    def _epochs(store, after, last):
        names = ("epoch", "firstStep", "lastStep", "tested", "testLoss", "testAccuracy", "seconds")
        sql = "SELECT epoch, first_step, last_step, tested, test_loss, test_accuracy, seconds FROM epochs WHERE epoch > ? AND last_step <= ? ORDER BY epoch LIMIT 1000"
        return [{name: bool(value) if name == "tested" else _told(value) for name, value in zip(names, row)} for row in store.execute(sql, (after, last))]

    def _post(self, path, value):
        return self._put(path, _json(value), "application/json")

    def _put(self, path, data, kind="application/octet-stream"):
        """The lab's answer; None where there is none, and `why` says it."""
        headers = {"content-type": kind, "x-normlab-token": self.token}
        request = urllib.request.Request(self.address + path, data=data, headers=headers, method="POST")
        try:
            with _OPENER.open(request, timeout=ANSWER_SECONDS + len(data) / 1e7) as answer:
                return json.loads(answer.read(1000000).decode())
        except urllib.error.HTTPError as error:
            self.why = error.read(2000).decode("utf-8", "replace").strip() or "it answered %d" % error.code
            # It will not be of another mind the next time.
            self.is_refused = error.code in (400, 403, 404, 405, 413)
            if self.is_refused:
                _say("the lab at %s takes nothing of this run: %s (the file is written all the same)" % (self.address, self.why), 2)
        except (OSError, ValueError, socket.timeout) as error:
            self.why = "it does not answer (%s)" % (getattr(error, "reason", None) or error)
        return None


# The lab is on this machine: no proxy between.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _told(value):
    """A number as JSON can tell it."""
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def send(file, lab=None, token=None):
    """Sends a file that a recorder wrote to a lab that is served. Returns whether it has all of it; raises RecorderError where the file is none."""
    address = _address(lab)
    if address is None:
        raise RecorderError("say which lab: lab=\"http://127.0.0.1:PORT\", or NORMLAB_LAB")
    if not os.path.exists(file):
        raise RecorderError("%s: there is no such file" % file)
    store = sqlite3.connect(file)
    try:
        row = store.execute("SELECT json FROM manifest").fetchone()
        if row is None:
            raise RecorderError("%s: the file has no run" % file)
        manifest = json.loads(row[0])
        if manifest["state"] == "running":
            # Whatever wrote it ended without a word.
            manifest.update(state="interrupted", endedAt=_now())
        told = _Lab(address, token or os.environ.get("NORMLAB_TOKEN", ""))
        if not told.send(store, manifest):
            raise RecorderError("the lab at %s did not take it: %s" % (address, told.why))
    except (sqlite3.Error, ValueError, KeyError):
        raise RecorderError("%s: this is no file that a recorder wrote, or it is damaged" % file) from None
    finally:
        store.close()


def export_network(model, file, input=(3, 224, 224)):
    """Writes a PyTorch network, traced by torch.fx, with its weights as a file that NormLab's designer takes (`normlab library import FILE`).

    model: an nn.Module whose forward pass takes one batch of images and does not depend on what is in them. It is traced as it is in evaluation, and left as it was.
    file: where to write it; name it net.fx. One that is there is replaced.
    input: channels, height and width of an image.
    """
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(model, torch.nn.Module):
        raise RecorderError("a torch.nn.Module is exported, not %s" % type(model).__name__)
    sides = [int(side) for side in input]
    if len(sides) != 3 or min(sides) < 1:
        raise RecorderError("input is channels, height and width of an image, such as (3, 224, 224)")
    model = getattr(model, "_orig_mod", model)
    if isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        model = model.module
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        graph, tensors = _traced(torch, model, sides)
    finally:
        for module, mode in modes:
            module.training = mode
    kept = sorted(tensors.items())
    metadata = {"format": NETWORK_FORMAT, "producer": "PyTorch %s" % torch.__version__, "graph": json.dumps(dict(graph, input=sides))}
    part = "%s.part-%s" % (os.fspath(file), uuid.uuid4().hex[:8])
    try:
        with open(part, "wb") as out:
            out.write(_safetensors_header([(key, list(tensor.shape)) for key, tensor in kept], metadata))
            for _key, tensor in kept:
                out.write(_bytes_of(tensor.detach().to(device="cpu", dtype=torch.float32).contiguous()))
        os.replace(part, file)
    except OSError as error:
        raise RecorderError("%s cannot be written: %s" % (os.fspath(file), error)) from None
    finally:
        if os.path.exists(part):
            os.remove(part)


def _traced(torch, model, sides):
    """The calls of a forward pass in their order, as JSON has them, with what is told of the tensors that they take: which are made of one weight, and by which parametrisation; and those tensors, by their names in the state dict."""
    from torch import fx

    class Whole(torch.nn.Module):
        """Takes images alone, whatever else the network's forward pass may be given."""

        def __init__(self):
            super().__init__()
            self.network = model

        def forward(self, images):
            return self.network(images)

    class Tracer(fx.Tracer):
        def is_leaf_module(self, module, _path):
            return _torch_class(torch, module) not in (None, torch.nn.TransformerEncoder, torch.nn.TransformerEncoderLayer)

        def call_module(self, module, forward, args, kwargs):
            return super().call_module(module, _encoder_forward(torch, module, args, kwargs) or forward, args, kwargs)

    class Shapes(fx.Interpreter):
        """Notes what each call returned, and its value where that is a number or does not depend on the images."""

        def run_node(self, node):
            value = super().run_node(node)
            returned[node.name] = _shapes_of(torch, value)
            if isinstance(value, (bool, int, float)):
                fixed[node.name] = value
            elif isinstance(value, torch.Tensor) and value.is_floating_point() and (node.op == "get_attr" or _is_of_fixed(node, fixed)):
                fixed[node.name] = value
            return value

    whole, returned, fixed = Whole().eval(), {}, {}
    try:
        with torch.no_grad():
            traced = fx.GraphModule(whole, Tracer().trace(whole))
    except Exception as error:
        raise RecorderError(
            "torch.fx cannot follow the forward pass of %s: %s. Its way must not depend on the images; torch.onnx.export may take it otherwise" % (type(model).__name__, _line(error))
        ) from None
    like = next((value for value in model.parameters() if value.is_floating_point()), torch.zeros(1))
    # Two images, so that what is a batch's can be told from what is a picture's.
    images = torch.randn(2, *sides, generator=torch.Generator().manual_seed(0)).to(like)
    try:
        with torch.no_grad():
            true = _first_tensor(torch, model(images.clone()))
            Shapes(traced).run(torch.cat([images, images[:1]]))
            with_three, fixed = fixed, {}
            found = _first_tensor(torch, Shapes(traced).run(images))
            # What is the same for two images and for three is no matter of the batch.
            fixed = {key: value for key, value in fixed.items() if key in with_three and _are_same(torch, value, with_three[key])}
    except Exception as error:
        raise RecorderError("%s does not take images of %s (channels, height, width): %s" % (type(model).__name__, "x".join(map(str, sides)), _line(error))) from None
    if true is None or found is None or true.shape != found.shape or not (true - found).abs().max() <= 1e-3 * true.abs().max():
        raise RecorderError(
            "what torch.fx has of %s does not give its outputs: its way depends on more than the images, or an operation in place changes what is used again" % type(model).__name__
        )
    tensors, sources, made_of = {}, {}, _sources_of(torch, traced, fixed)

    def take(target):
        value = traced
        for part in target.split("."):
            value = getattr(value, part)
        key = target[len("network."):] if target.startswith("network.") else target
        if not value.is_floating_point():
            return {"other": "a tensor of %s" % value.dtype}
        tensors[key], sources[key] = value, [value]
        return {"tensor": key}

    def told(value):
        """An argument as JSON has it."""
        if isinstance(value, fx.Node):
            if value.op == "get_attr":
                return take(value.target)
            if value.name not in fixed:
                return {"node": value.name}
            if not isinstance(fixed[value.name], torch.Tensor):
                return fixed[value.name]
            key = "(%s)" % value.name
            tensors[key], sources[key] = fixed[value.name], made_of[value.name]
            return {"tensor": key}
        if isinstance(value, (list, tuple)):
            return [told(one) for one in value]
        if isinstance(value, slice):
            return {"slice": [told(value.start), told(value.stop), told(value.step)]}
        if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and math.isfinite(value)):
            return value
        return {"other": str(value)[:200]}

    calls, parametrised = [], {}
    for node in traced.graph.nodes:
        if node.op == "get_attr" or node.name in fixed:
            continue
        entry = {"name": node.name, "call": node.op, "args": [told(one) for one in node.args], "options": {key: told(one) for key, one in node.kwargs.items()}}
        if node.op == "call_module":
            module = traced.get_submodule(node.target)
            kind = _torch_class(torch, module)
            entry["path"], entry["call"] = node.target[len("network."):], "torch.nn." + kind.__name__
            entry["options"].update({key: told(getattr(module, key, None)) for key in getattr(kind, "__constants__", ())})
            own = list(module.named_parameters(recurse=False)) + list(module.named_buffers(recurse=False))
            made = getattr(module, "parametrizations", {})
            own += [(key, getattr(module, key)) for key in made]
            entry["options"].update({key: take("%s.%s" % (node.target, key)) for key, value in own if value.is_floating_point()})
            parametrised.update({"%s.%s" % (entry["path"], key): " and ".join(type(one).__name__.strip("_") for one in made[key])[:200] for key in made})
            if kind is torch.nn.MultiheadAttention:
                last = module.out_proj
                entry["options"].update({key: told(getattr(module, key)) for key in ("num_heads", "dropout", "add_zero_attn")})
                entry["options"].update({"out_proj." + key: take("%s.out_proj.%s" % (node.target, key)) for key, value in last.named_parameters(recurse=False)})
        elif node.op in ("call_function", "call_method"):
            entry["call"] = getattr(node.target, "__name__", str(node.target))
        if node.name in returned and returned[node.name] is not None:
            entry["shape"] = returned[node.name]
        calls.append(entry)
    return {"calls": calls, "shared": _shared(model, sources), "parametrised": parametrised}, tensors


def _is_of_fixed(node, fixed):
    """Whether a call makes its value of tensors that do not depend on the images, and of nothing else."""
    given = node.all_input_nodes
    return node.op in ("call_function", "call_method") and bool(given) and all(one.name in fixed for one in given)


def _sources_of(torch, traced, fixed):
    """Of each call whose value does not depend on the images, the pieces of weights that it was made of."""
    made_of = {}
    for node in traced.graph.nodes:
        value = fixed.get(node.name)
        if isinstance(value, torch.Tensor):
            given = [piece for one in node.all_input_nodes for piece in made_of.get(one.name, ())]
            # A view is of the piece that it shows alone; what was worked out is of all that went into it.
            is_view = not given or any(_memory(piece)[0] == _memory(value)[0] for piece in given)
            made_of[node.name] = [value] if is_view else given
    return made_of


def _memory(tensor):
    """Where a tensor's numbers lie: the memory, the first byte, and the one behind the last."""
    size, first = tensor.element_size(), tensor.storage_offset()
    length = 0 if tensor.numel() == 0 else 1 + sum((side - 1) * step for side, step in zip(tensor.shape, tensor.stride()))
    return tensor.untyped_storage().data_ptr(), size * first, size * (first + length)


def _shared(model, sources):
    """Tensors that are made of the same numbers as another one, each with the names of the weights that those are."""
    names, pieces, shared = {}, {}, {}
    for name, value in list(model.named_parameters()) + list(model.named_buffers()):
        names.setdefault(_memory(value)[0], name)
    for key, tensors in sources.items():
        for tensor in tensors:
            memory, first, end = _memory(tensor)
            pieces.setdefault(memory, []).append((first, end, key))
    for memory, found in pieces.items():
        for first, end, key in found:
            if memory in names and any(key != other and first < its_end and its_first < end for its_first, its_end, other in found):
                shared.setdefault(key, set()).add(names[memory])
    return {key: sorted(value) for key, value in shared.items()}


def _are_same(torch, one, other):
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    return one == other


def _encoder_forward(torch, module, args, kwargs):
    """The forward pass of PyTorch's Transformer encoders without masks, whose own asks how it may be quick; None for all others."""
    if len(args) != 1 or any(value is not None and value is not False for value in kwargs.values()):
        return None
    kind = _torch_class(torch, module)

    def layer(x, **_masks):
        if module.norm_first:
            x = x + module._sa_block(module.norm1(x), None, None)
            return x + module._ff_block(module.norm2(x))
        x = module.norm1(x + module._sa_block(x, None, None))
        return module.norm2(x + module._ff_block(x))

    def layers(x, **_masks):
        for one in module.layers:
            x = one(x)
        return x if module.norm is None else module.norm(x)

    return {torch.nn.TransformerEncoderLayer: layer, torch.nn.TransformerEncoder: layers}.get(kind)


def _torch_class(torch, module):
    """The class of torch.nn whose forward pass a module has, unchanged; None for containers and for what has one of its own."""
    if isinstance(module, (torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict)):
        return None
    for kind in type(module).__mro__:
        # Its weights are worked out by others, and its forward pass is the next one's.
        if kind.__module__ == "torch.nn.utils.parametrize":
            continue
        if kind.__module__.startswith("torch.nn.") and kind is not torch.nn.Module:
            return kind
        # A constructor of its own may stand; another method may change what the layer does.
        if any(callable(value) for key, value in vars(kind).items() if key not in ("__init__", "__repr__", "extra_repr", "reset_parameters")):
            return None
    return None


def _shapes_of(torch, value):
    """The shape of a tensor; an empty list of axes stands for several tensors, None for what is none."""
    if isinstance(value, torch.Tensor):
        return [int(side) for side in value.shape]
    return [] if isinstance(value, (list, tuple)) and any(isinstance(one, torch.Tensor) for one in value) else None


def _first_tensor(torch, value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return next((one for one in (_first_tensor(torch, inner) for inner in value) if one is not None), None)
    return value if isinstance(value, torch.Tensor) else None


def _line(error):
    return " ".join(("%s" % error).split())[:300] or type(error).__name__


def _main(words):
    if len(words) not in (1, 2) or words[0].startswith("-"):
        print("usage: python -m normlab_recorder FILE [ADDRESS]   (the token in NORMLAB_TOKEN)", file=sys.stderr)
        return 2
    try:
        send(words[0], words[1] if len(words) == 2 else None)
    except RecorderError as error:
        print(error, file=sys.stderr)
        return 2
    print("The lab has all of it.")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
