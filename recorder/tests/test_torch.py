"""The recorder on PyTorch networks: its norms are autograd's to 1e-5."""

import functools
import json
import os
import sqlite3
import struct
import sys
import tempfile
import time
import unittest
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from networks import Chain, PreactBlock, ProcResNet, Transformer, images, true_norms  # noqa: E402
import normlab_recorder  # noqa: E402
from normlab_recorder import Recorder, RecorderError, export_network  # noqa: E402

# What a step left is read sooner, and its precision with it.
normlab_recorder.COMMIT_SECONDS = 0.02


def rows(file, sql="SELECT norms FROM steps ORDER BY step"):
    store = sqlite3.connect(file)
    try:
        return store.execute(sql).fetchall()
    finally:
        store.close()


def narrowed(recorder):
    """Waits until the recorder has seen that single precision holds what it measured."""
    until = time.monotonic() + 30
    while recorder._torch.is_wide and time.monotonic() < until:
        time.sleep(0.01)
    if recorder._torch.is_wide:
        raise AssertionError("norms are still summed in double precision")


def floats(blob):
    return list(struct.unpack("<%df" % (len(blob) // 4), blob))


class Recorded(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "run.normlab")

    def norms(self, sql="SELECT norms FROM steps ORDER BY step"):
        return [floats(blob) for (blob,) in rows(self.file, sql)]

    def near(self, measured, true, tolerance=1e-5):
        self.assertEqual(len(measured), len(true))
        for index, (one, other) in enumerate(zip(measured, true)):
            self.assertLessEqual(abs(one - other), tolerance * other, "boundary %d: %r, autograd has %r" % (index, one, other))

    def compare(self, model, blocks, modules, x, y, **options):
        """Three steps of a training, the first in double precision and the others in what it made the recorder choose."""
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        true = []
        with Recorder(self.file, seed=0) as recorder:
            recorder.watch(model, blocks, **options)
            for _ in range(3):
                state = {name: value.clone() for name, value in model.state_dict().items()}
                if true:
                    narrowed(recorder)
                loss = F.cross_entropy(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                after = {name: value.clone() for name, value in model.state_dict().items()}
                gradients = [parameter.grad for parameter in model.parameters()]
                recorder.step(loss=loss, optimizer=optimizer)
                model.load_state_dict(state)
                with torch.random.fork_rng():
                    held, recorder._torch.trouble = recorder._torch.trouble, "autograd looks by itself"
                    true.append(true_norms(model, modules, x, y))
                    recorder._torch.trouble = held
                model.load_state_dict(after)
                for parameter, gradient in zip(model.parameters(), gradients):
                    parameter.grad = gradient
                optimizer.step()
            units = recorder.units
        measured = self.norms()
        for one, other in zip(measured, true):
            self.near(one, other)
        return units, measured


class Networks(Recorded):
    def test_a_chain_of_blocks(self):
        model = Chain()
        units, _ = self.compare(model, model.blocks, list(model.blocks), *images())
        self.assertEqual(units, ["blocks.0", "blocks.1", "blocks.2", "blocks.3"])

    def test_large_boundaries_in_channels_last(self):
        # Single precision that sums millions of squares in one go is off by 3e-5.
        model = Chain(blocks=2, channels=32).to(memory_format=torch.channels_last)
        x, y = images(32, 48)
        self.compare(model, "blocks.*", list(model.blocks), x.to(memory_format=torch.channels_last), y)

    def test_blocks_that_work_in_place_on_what_enters_them(self):
        model = Chain(inplace=True)
        self.compare(model, "blocks.*", list(model.blocks), *images())

    def test_the_published_form_of_proc_resnet(self):
        model = ProcResNet()
        units, _ = self.compare(model, model.units, list(model.units), *images(), kinds={"units.2": "transition", "units.5": "transition"})
        self.assertEqual(len(units), 8)

    def test_a_transformer(self):
        model = Transformer()
        x = torch.randint(0, 50, (4, 12))
        units, _ = self.compare(model, "blocks.*", list(model.blocks), x, torch.randint(0, 10, (4,)))
        self.assertEqual(units, ["blocks.0", "blocks.1", "blocks.2"])

    def test_the_data_as_the_first_boundary(self):
        model = Chain(blocks=2)
        x, y = images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, ["stem", "blocks.*"], kinds={"stem": "stem"}, input_gradient=True)
            F.cross_entropy(model(x), y).backward()
            recorder.step()
        leaf = x.clone().requires_grad_(True)
        F.cross_entropy(model(leaf), y).backward()
        self.near(self.norms()[0][:1], [float(leaf.grad.double().norm())])


try:
    import timm
    import torchvision
except ImportError:
    timm = torchvision = None


@unittest.skipIf(torchvision is None, "torchvision and timm are not installed")
class Published(Recorded):
    def test_torchvision_resnet(self):
        model = torchvision.models.resnet18(num_classes=10)
        blocks = [block for layer in (model.layer1, model.layer2, model.layer3, model.layer4) for block in layer]
        units, _ = self.compare(model, "layer*.*", blocks, *images(4, 64))
        self.assertEqual(units, ["layer%d.%d" % (i, j) for i in range(1, 5) for j in range(2)])

    def test_timm_resnet(self):
        model = timm.create_model("resnet26d", num_classes=10)
        blocks = [block for layer in (model.layer1, model.layer2, model.layer3, model.layer4) for block in layer]
        self.compare(model, "layer*.*", blocks, *images(4, 64))

    def test_timm_preactivation_resnet(self):
        model = timm.create_model("resnetv2_50", num_classes=10)
        blocks = [block for stage in model.stages for block in stage.blocks]
        self.compare(model, "stages.*.blocks.*", blocks, *images(2, 64))

    def test_timm_vision_transformer(self):
        model = timm.create_model("vit_tiny_patch16_224", num_classes=10, img_size=64)
        self.compare(model, "blocks.*", list(model.blocks), *images(2, 64))


class Ways(Recorded):
    """Ways to train in which a boundary's gradient is easily measured wrongly."""

    def once(self, model, x, y, blocks="blocks.*"):
        with Recorder(self.file) as recorder:
            recorder.watch(model, blocks)
            F.cross_entropy(model(x), y).backward()
            recorder.step()
        return self.norms()[0]

    def test_accumulated_gradients_are_of_the_whole_minibatch(self):
        model = Chain(block=lambda channels: nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.Tanh()))
        x, y = images(8)
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            for part in range(4):
                (F.cross_entropy(model(x[2 * part : 2 * part + 2]), y[2 * part : 2 * part + 2]) / 4).backward()
            recorder.step()
        self.near(self.norms()[0], true_norms(model, list(model.blocks), x, y))

    def test_the_scale_of_mixed_precision_is_taken_out(self):
        model, (x, y) = Chain(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            (F.cross_entropy(model(x), y) * 65536).backward()
            recorder.step(loss_scale=65536)
        recorded = self.norms()[0]
        self.near(recorded, true_norms(model, list(model.blocks), x, y))

    def test_half_precision_is_summed_in_single(self):
        model, (x, y) = Chain(channels=16), images(16, 32)
        model.bfloat16()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            F.cross_entropy(model(x.bfloat16()).float(), y).backward()
            recorder.step()
        self.assertTrue(all(norm > 0 for norm in self.norms()[0]))

    def test_a_gradient_that_is_the_same_everywhere(self):
        # Each square that is added to a sum of its like is rounded the same way.
        self.addCleanup(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(1)
        model = nn.Sequential(nn.Conv2d(3, 16, 1), nn.Identity())
        with Recorder(self.file) as recorder:
            recorder.watch(model, [model[1]])
            for _ in range(2):
                (model(images(2, 256)[0]).mean() * 0.7).backward()
                recorder.step()
                narrowed(recorder)
        for norms in self.norms():
            self.near(norms, [0.7 / (2 * 16 * 256 * 256) ** 0.5] * 2)

    def test_gradients_are_read_where_they_lie_whatever_the_order_of_their_axes(self):
        whole = torch.randn(4, 6, 5, 8)
        laid = [whole, whole.to(memory_format=torch.channels_last), whole.permute(3, 0, 2, 1), whole[:, :, :, 1:], whole[:1].expand(3, 6, 5, 8), whole[1:2], whole[0, 0, 0, 0], whole[:0]]
        model = Chain()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            for is_wide in (True, False):
                recorder._torch.is_wide = is_wide
                for index, gradient in enumerate(laid):
                    true = float(gradient.double().square().sum())
                    self.near([float(sum(recorder._torch._squares(gradient)))], [true], 1e-6)
                    is_copied = recorder._torch._flat(gradient).untyped_storage().data_ptr() != gradient.untyped_storage().data_ptr()
                    self.assertEqual(is_copied, index in (3, 4))

    def test_evaluation_and_passes_without_a_gradient_do_not_count(self):
        model, (x, y) = Chain(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            F.cross_entropy(model(x), y).backward()
            with torch.no_grad():
                model(x)
            model.eval()
            F.cross_entropy(model(x), y).backward()
            model.train()
            recorder.step()
        self.near(self.norms()[0], true_norms(model, list(model.blocks), x, y))

    def test_checkpointed_blocks_are_measured_once(self):
        class Checkpointed(Chain):
            reentrant = False

            def forward(self, x):
                x = self.stem(x)
                for block in self.blocks:
                    x = checkpoint(block, x, use_reentrant=self.reentrant)
                return self.head(x.mean((2, 3)))

        model, (x, y) = Checkpointed(), images()
        recorded = self.once(model, x, y)
        self.near(recorded, true_norms(model, list(model.blocks), x, y))

    def test_checkpoints_of_the_old_kind_are_refused(self):
        class Checkpointed(Chain):
            def forward(self, x):
                x = self.stem(x)
                for block in self.blocks:
                    x = checkpoint(block, x, use_reentrant=True)
                return self.head(x.mean((2, 3)))

        model, (x, y) = Checkpointed(), images()
        with self.assertRaisesRegex(RecorderError, "use_reentrant=False"):
            self.once(model, x, y)

    def test_gradients_that_vanish_are_measured_as_far_as_single_precision_goes(self):
        model, (x, y) = Chain(block=lambda channels: nn.Conv2d(channels, channels, 1, bias=False), blocks=5), images()
        for block in model.blocks:
            block.weight.data.mul_(1e-5)
        measured = self.once(model, x, y)
        self.near(measured, true_norms(model, list(model.blocks), x, y))
        self.assertLess(measured[0], 1e-25)

    def test_what_vanishes_suddenly_is_no_zero(self):
        model, (x, y) = Chain(block=lambda channels: nn.Conv2d(channels, channels, 1, bias=False)), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            for step in range(4):
                recorder._torch.is_wide = step != 1 and recorder._torch.is_wide
                if step == 1:
                    for block in model.blocks:
                        block.weight.data.mul_(1e-7)
                F.cross_entropy(model(x), y).backward()
                recorder.step()
                while len(rows(self.file)) <= step:
                    pass
        first, lost, found, _ = self.norms()
        self.assertTrue(all(norm > 0 for norm in first))
        self.assertNotEqual(lost[0], lost[0])
        self.near(found, true_norms(model, list(model.blocks), x, y))

    def test_two_losses_that_go_back_one_after_the_other_are_refused(self):
        model, (x, y) = Chain(), images()

        def apart(recorder):
            logits = model(x)
            F.cross_entropy(logits, y).backward(retain_graph=True)
            logits.square().mean().backward()
            recorder.step(loss=1.0)

        recorder = Recorder(self.file)
        self.addCleanup(recorder.close)
        recorder.watch(model, "blocks.*")
        with self.assertRaisesRegex(RecorderError, "add the losses, and go back once"):
            apart(recorder)
        with Recorder(self.file + ".later") as recorder:
            recorder.watch(model, "blocks.*")
            F.cross_entropy(model(x), y).backward()
            recorder.step(loss=1.0)
            with self.assertWarnsRegex(RuntimeWarning, "step 2 has no norms"):
                apart(recorder)
        self.assertEqual([len(floats(blob)) for (blob,) in rows(self.file + ".later")], [5, 0])

    def test_a_graph_that_is_kept_for_the_next_step_is_of_that_step_too(self):
        model, (x, y) = Chain(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            loss = F.cross_entropy(model(x), y)
            for _ in range(2):
                loss.backward(retain_graph=True)
                recorder.step(loss=loss)
        self.near(*self.norms())

    def test_a_step_of_several_passes_has_the_norms_of_the_weights_that_it_began_with(self):
        model, (x, y) = Chain(), images()
        optimizer = torch.optim.LBFGS(model.parameters(), 0.1, max_iter=3)

        def closure():
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            return loss

        with Recorder(self.file) as recorder:
            true = true_norms(model, list(model.blocks), x, y)
            recorder.watch(model, "blocks.*")
            with self.assertWarnsRegex(RuntimeWarning, "weights that it began with"):
                loss = optimizer.step(closure)
            recorder.step(loss=loss)
        self.near(self.norms()[0], true)

    def test_a_scaler_that_was_updated_already_had_another_scale_in_the_backward_pass(self):
        model, (x, y) = Chain(), images()
        optimizer = torch.optim.SGD(model.parameters(), 0.0)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10, growth_interval=2)
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            for _ in range(5):
                scaler.scale(F.cross_entropy(model(x), y)).backward()
                scaler.step(optimizer)
                scaler.update()
                recorder.step(optimizer=optimizer, scaler=scaler)
            recorder._torch.trouble = "autograd looks by itself"
            true = true_norms(model, list(model.blocks), x, y)
        for norms in self.norms():
            self.near(norms, true)

    def test_blocks_take_what_they_are_called_with_by_name_and_return_what_they_like(self):
        class Named(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(8, 8, 3, padding=1)

            def forward(self, mask, hidden=None):
                return {"weights": None, "hidden": (hidden + self.conv(hidden),)}

        class Calls(Chain):
            def forward(self, x):
                x = self.stem(x)
                for block in self.blocks:
                    x = block(torch.ones(1, dtype=torch.long), hidden=x)["hidden"][0]
                return self.head(x.mean((2, 3)))

        model, (x, y) = Calls(channels=8, block=lambda _channels: Named()), images()
        plain = Chain(channels=8, block=lambda channels: nn.Conv2d(channels, channels, 3, padding=1))
        plain.load_state_dict({name.replace(".conv.", "."): value for name, value in model.state_dict().items()})
        for block in plain.blocks:
            block.forward = functools.partial(lambda conv, x: x + F.conv2d(x, conv.weight, conv.bias, padding=1), block)
        self.near(self.once(model, x, y), true_norms(plain, list(plain.blocks), x, y))

    def test_every_so_manieth_step(self):
        model, (x, y) = Chain(), images()
        with Recorder(self.file, every=3) as recorder:
            recorder.watch(model, "blocks.*")
            for _ in range(7):
                F.cross_entropy(model(x), y).backward()
                recorder.step(loss=1.0)
        self.assertEqual([len(norms) for norms in self.norms()], [5, 0, 0, 5, 0, 0, 5])

    def test_boundaries_by_hand(self):
        class ByHand(Chain):
            def forward(self, x):
                x = self.stem(x)
                for index, block in enumerate(self.blocks):
                    x = block(recorder.boundary(x, "step %d" % index))
                return self.head(recorder.boundary(x).mean((2, 3)))

        model, (x, y) = ByHand(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model)
            F.cross_entropy(model(x), y).backward()
            recorder.step()
            self.assertEqual(recorder.units, ["step 0", "step 1", "step 2", "step 3"])
            recorder._torch.trouble = "autograd looks by itself"
            true = true_norms(model, list(model.blocks), x, y)
        self.near(self.norms()[0], true)

    def test_what_lies_between_blocks_is_a_unit(self):
        class Pooled(Chain):
            def forward(self, x):
                x = self.blocks[1](self.blocks[0](self.stem(x)))
                x = F.avg_pool2d(x, 2)
                return self.head(self.blocks[3](self.blocks[2](x)).mean((2, 3)))

        model, (x, y) = Pooled(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            F.cross_entropy(model(x), y).backward()
            recorder.step()
            self.assertEqual(recorder.units, ["blocks.0", "blocks.1", "between blocks.1 and blocks.2", "blocks.2", "blocks.3"])
        self.assertEqual(len(self.norms()[0]), 6)

    def test_two_processes_have_the_norms_of_one_with_the_whole_batch(self):
        from ddp import train

        model, (x, y) = Chain(block=lambda channels: nn.Conv2d(channels, channels, 3, padding=1)), images(8)
        model.load_state_dict(train(self.file, model.state_dict(), x, y))
        true = true_norms(model, list(model.blocks), x, y)
        measured = self.norms()
        # Whether one of them sums in double precision and the other in single; and where one of them measures no more, the other one does not wait for it.
        for norms in measured[:2]:
            self.near(norms, true)
        self.assertEqual(measured[2:], [[], []])


class Refusals(Recorded):
    def refused(self, sentence, model, blocks="blocks.*", x=None):
        recorder = Recorder(self.file)
        self.addCleanup(recorder.close)
        with self.assertRaisesRegex(RecorderError, sentence):
            recorder.watch(model, blocks)
            model(images()[0] if x is None else x)

    def test_a_pattern_that_fits_nothing_names_what_there_is(self):
        self.refused("no module's name fits 'layer.'.*There are stem, blocks", Chain(), "layer.")

    def test_a_block_that_is_called_twice(self):
        class Twice(Chain):
            def forward(self, x):
                return self.head(self.blocks[0](self.blocks[0](self.stem(x))).mean((2, 3)))

        self.refused("called twice", Twice())

    def test_blocks_in_blocks(self):
        self.refused("lies in block", Chain(), ["blocks", "blocks.*"])

    def test_branches(self):
        class Branched(Chain):
            def forward(self, x):
                x = self.stem(x)
                return self.head((self.blocks[0](x) + self.blocks[1](x)).mean((2, 3)))

        self.refused("branches and no chain", Branched())

    def test_data_as_a_boundary_unasked(self):
        self.refused("needs no gradient.*input_gradient=True", Chain(), ["stem", "blocks.*"])

    def test_a_network_that_changes_on_its_way_does_not_end_the_training(self):
        class Fickle(Chain):
            turned = False

            def forward(self, x):
                x = self.stem(x)
                for block in reversed(self.blocks) if self.turned else self.blocks:
                    x = block(x)
                return self.head(x.mean((2, 3)))

        model, (x, y) = Fickle(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            F.cross_entropy(model(x), y).backward()
            recorder.step(loss=1.0)
            model.turned = True
            with self.assertWarnsRegex(RuntimeWarning, "another order"):
                F.cross_entropy(model(x), y).backward()
            recorder.step(loss=2.0)
        self.assertEqual([len(norms) for norms in self.norms()], [5, 0])


class TheTrainingComesFirst(Recorded):
    """What is told wrongly on the way is left out with a word, which the file has too, and neither it nor the training is lost."""

    def train(self, told, steps=3):
        model, (x, y) = Chain(), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            for step in range(1, steps + 1):
                F.cross_entropy(model(x), y).backward()
                told(recorder, step, model)

    def notices(self):
        ((manifest,),) = rows(self.file, "SELECT json FROM manifest")
        return [notice["message"] for notice in json.loads(manifest)["notices"]]

    def test_an_accuracy_in_percent_is_told_at_once(self):
        with self.assertRaisesRegex(RecorderError, "accuracy is 87.5; it must be from 0 to 1"):
            self.train(lambda recorder, step, model: recorder.step(loss=1.0, accuracy=torch.tensor(87.5)))

    def test_later_on_and_from_a_device_it_costs_no_step(self):
        class OfDevice(torch.Tensor):
            """One that is read later."""

            is_cpu = False

        def told(recorder, step, _model):
            recorder.step(loss=1.0, accuracy=torch.tensor(87.5).as_subclass(OfDevice) if step == 1 else 87.5 if step == 2 else 0.5)

        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            self.train(told)
        self.assertEqual(rows(self.file, "SELECT step, accuracy FROM steps ORDER BY step"), [(1, None), (2, None), (3, None)])
        self.assertEqual([len(norms) for norms in self.norms()], [5, 5, 5])
        self.assertEqual(self.notices(), ["accuracy is 87.5; it must be from 0 to 1; all of the run are left out, but those that a lab has heard of"])

    def test_a_test_a_note_and_weights(self):
        def told(recorder, step, model):
            recorder.step(loss=1.0)
            if step == 2:
                recorder.note("here", "blocks.none")
                recorder.epoch(test_loss=0.5, test_accuracy=91.3)
                model.blocks[0].conv.weight = None
                recorder.weights()

        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            self.train(told, 2)
        self.assertEqual(rows(self.file, "SELECT test_loss, test_accuracy FROM epochs"), [(0.5, None)])
        self.assertEqual(rows(self.file, "SELECT unit, text FROM annotations"), [(None, "here")])
        self.assertEqual(len(warned), 3)
        self.assertEqual(len(self.notices()), 3)

    def test_a_network_that_stays_in_evaluation_is_told_of_and_measured_again_behind_it(self):
        def told(recorder, step, model):
            recorder.step(loss=1.0)
            model.train(step == 2)

        with self.assertWarnsRegex(RuntimeWarning, r"step 2 has no norms.*model\.train\(\)"):
            self.train(told)
        self.assertEqual([len(norms) for norms in self.norms()], [5, 0, 5])
        self.assertEqual(len(self.notices()), 1)

    def test_norms_of_another_number_of_units(self):
        with Recorder(self.file, units=["a", "b"]) as recorder:
            recorder.step(norms=[1, 2, 3])
            with self.assertWarnsRegex(RuntimeWarning, "2 norms were given for 2 units"):
                recorder.step(norms=[1, 2])
            recorder.step(norms=[1, 2, 3])
        self.assertEqual(self.norms(), [[1, 2, 3], [], [1, 2, 3]])

    def test_a_program_that_ends_itself_has_not_failed(self):
        for code, state in ((None, "stopped"), (0, "stopped"), (3, "failed")):
            with self.assertRaises(SystemExit):
                with Recorder("%s.%s" % (self.file, code)):
                    sys.exit(code)
            ((manifest,),) = rows("%s.%s" % (self.file, code), "SELECT json FROM manifest")
            self.assertEqual(json.loads(manifest)["state"], state)


class Weights(Recorded):
    def test_are_kept_as_the_lab_has_them(self):
        model, (x, y) = Chain(blocks=1), images()
        with Recorder(self.file) as recorder:
            recorder.watch(model, "blocks.*")
            F.cross_entropy(model(x), y).backward()
            recorder.step()
            recorder.weights()
        step, data = rows(self.file, "SELECT step, data FROM checkpoints")[0]
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + length])
        layers = json.loads(header["__metadata__"]["layers"])
        self.assertEqual(step, 1)
        self.assertEqual([(layer["name"], layer["unit"], layer["kind"]) for layer in layers], [
            ("stem", None, "convolution"), ("blocks.0.norm", "blocks.0", "batch-norm"), ("blocks.0.conv", "blocks.0", "convolution"), ("head", None, "dense"),
        ])
        start, end = header["stem.kernel"]["data_offsets"]
        kept = floats(data[8 + length + start : 8 + length + end])
        self.assertEqual(header["stem.kernel"]["shape"], [3, 3, 3, 8])
        self.assertEqual(kept, model.stem.weight.permute(2, 3, 1, 0).reshape(-1).tolist())


class Exports(Recorded):
    """What the lab makes of such files is in the lab's own tests."""

    def refused(self, sentence, model, *given):
        with self.assertRaisesRegex(RecorderError, sentence):
            export_network(model, self.file, *given)
        self.assertFalse(os.path.exists(self.file))

    def test_a_network_is_left_as_it_was(self):
        model = Chain()
        model.blocks[1].eval()
        modes = [module.training for module in model.modules()]
        state = {name: value.clone() for name, value in model.state_dict().items()}
        with Recorder(self.file + ".run") as recorder:
            recorder.watch(model, "blocks.*")
            export_network(model, self.file, (3, 16, 16))
        self.assertEqual([module.training for module in model.modules()], modes)
        self.assertTrue(all(torch.equal(value, state[name]) for name, value in model.state_dict().items()))
        with open(self.file, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        calls = json.loads(header.pop("__metadata__")["graph"])["calls"]
        self.assertEqual(set(header), {name for name in state if not name.endswith("num_batches_tracked")})
        self.assertEqual([call["call"] for call in calls][:3], ["placeholder", "torch.nn.Conv2d", "torch.nn.ReLU"])

    def test_weights_that_layers_share_are_told(self):
        class Tied(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b, self.c = (torch.nn.Linear(6, 6) for _ in range(3))
                self.b.weight = self.a.weight
                self.table = torch.nn.Parameter(torch.ones(4, 6))

            def forward(self, x):
                x = self.b(self.a(x.flatten(1)[:, :6])) + self.table[0]
                return F.linear(x, (2 * self.c.weight).t()) + self.c(x) + self.table[1:3].sum(0) + self.table[2:].sum(0)

        export_network(Tied(), self.file, (1, 2, 3))
        with open(self.file, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        shared = json.loads(header["__metadata__"]["graph"])["shared"]
        self.assertEqual({key: value for key, value in shared.items() if not key.startswith("(")}, {"a.weight": ["a.weight"], "b.weight": ["a.weight"], "c.weight": ["c.weight"]})
        self.assertEqual(sorted(value for key, value in shared.items() if key.startswith("(")), [["c.weight"], ["table"], ["table"]])

    def test_what_cannot_be_traced_is_said(self):
        class Choosing(Chain):
            def forward(self, x):
                return super().forward(x if x.mean() > 0 else -x)

        self.refused("torch.fx cannot follow the forward pass of Choosing", Choosing())
        self.refused("Chain does not take images of 4x16x16", Chain(), (4, 16, 16))
        self.refused("channels, height and width", Chain(), (16, 16))
        self.refused("a torch.nn.Module is exported, not dict", {})

    def test_what_is_traced_otherwise_than_it_works_is_refused(self):
        class Counting(Chain):
            count = 0

            def forward(self, x):
                self.count += 1
                return super().forward(x) * self.count

        self.refused("does not give its outputs", Counting())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    unittest.main()
