"""Tests of the trainer that need no accelerator and no data, in less than a minute.

    python3 smoke.py [OUT]

With OUT it writes three tiny trained models there, which smoke_test.go converts.
"""
import contextlib
import gzip
import io
import math
import os
import struct
import sys
import tempfile
import unittest
import warnings

import numpy as np
import torch

from PIL import Image

import data
import diffusion
import distill
import export
import export_onnx
import judge
import match
import prepare_clear
import prepare_idx
import prepare_oracle
import prepare_tiles
import quality
import train
import unet

OUT = None


def shapes(path, n=64, size=8):
    """A data set of two classes: bright left halves and bright right halves."""
    r = np.random.RandomState(0)
    y = np.arange(n) % 2
    x = r.randint(0, 60, (n, size, size, 1)).astype(np.uint8)
    for i in range(n):
        x[i, :, :size // 2] += np.uint8(150) if y[i] == 0 else np.uint8(0)
        x[i, :, size // 2:] += np.uint8(150) if y[i] == 1 else np.uint8(0)
    np.savez(path, x_train=x, y_train=y, x_test=x[:16], y_test=y[:16], classes=np.array(["left", "right"]))


class Levels(unittest.TestCase):
    def test_kinds_agree(self):
        """The weights convert an error of each kind of prediction to the right error in epsilon."""
        g = torch.Generator().manual_seed(0)
        x0, e, wrong = (torch.randn(4, 1, 5, 5, generator=g) for _ in range(3))
        gamma = torch.tensor([-6.0, -1.0, 0.5, 6.0])
        xt = diffusion.mix(x0, e, gamma)
        alpha, sigma = (diffusion.column(torch.sigmoid(s * gamma).sqrt()) for s in (-1, 1))
        x0_wrong = (xt - sigma * wrong) / alpha
        want = (wrong - e).square().mean((1, 2, 3))
        for kind in diffusion.KINDS:
            truth = diffusion.target(kind, x0, e, gamma)
            answer = diffusion.target(kind, x0_wrong, wrong, gamma)
            got = (answer - truth).square().mean((1, 2, 3)) * diffusion.as_epsilon(kind, gamma)
            self.assertTrue(torch.allclose(got, want, rtol=1e-4), f"{kind}: {got}, want {want}")

    def test_weights(self):
        """Simple weighs what is predicted evenly; min-SNR bounds the weight on x0; the bound's adds
        up to the SNR lost."""
        fixed = diffusion.Fixed("squaredcos_cap_v2", 100)
        gamma, slope = fixed.gamma, fixed.slope
        for kind in ("sample", "epsilon", "v_prediction"):
            even = diffusion.weigh("simple", kind, gamma, slope) * diffusion.as_epsilon(kind, gamma)
            self.assertTrue(torch.allclose(even, torch.ones(100)), kind)
        on_x0 = diffusion.weigh("min-snr", "epsilon", gamma, slope) * torch.exp(-gamma)
        self.assertTrue(torch.allclose(on_x0, torch.exp(-gamma).clamp(max=5), rtol=1e-4))
        on_x0 = diffusion.weigh("bound", "epsilon", gamma, slope).double() * torch.exp(-gamma.double())
        self.assertAlmostEqual(on_x0.mean().item() / (2 * math.exp(-gamma[0]) - math.exp(-gamma[-1])) * 2, 1, places=4)

    def test_ddim_finds_the_only_picture(self):
        """With the exact network of a data set of one picture, of any kind, sampling ends at that
        picture."""
        x0 = torch.rand(1, 1, 4, 4) * 2 - 1
        table = diffusion.Fixed("squaredcos_cap_v2", 100).table()
        for kind in diffusion.KINDS:
            def exact(x, t, y):
                gamma = table[t]
                alpha, sigma = (diffusion.column(torch.sigmoid(s * gamma).sqrt()) for s in (-1, 1))
                return diffusion.target(kind, x0.expand_as(x), (x - alpha * x0) / sigma, gamma)
            got = diffusion.ddim(exact, kind, table, torch.randn(3, 1, 4, 4), torch.zeros(3, dtype=torch.long), 1, 10)
            self.assertLess((got - x0).abs().max().item(), 1e-3, kind)

    def test_ddim_with_all_its_noise_is_ddpm(self):
        """With eta = 1 and no timestep passed over, a step draws from the posterior of Ho et al.
        (arXiv:2006.11239, equations 6 and 7)."""
        torch.manual_seed(0)
        table = diffusion.Fixed("squaredcos_cap_v2", 8).table().double()
        kept = torch.sigmoid(-table)
        first, fresh = torch.randn(3, 1, 4, 4), list(torch.randn(8, 3, 1, 4, 4))
        guess = lambda x, t, y: torch.tanh(x + t.reshape(-1, 1, 1, 1) / 8)
        draws = iter(fresh)
        got = diffusion.ddim(guess, "sample", table, first, None, 1, 8, eta=1.0, fresh=lambda: next(draws))
        x = first
        for i, t in enumerate(range(7, -1, -1)):
            x0 = guess(x, torch.full((3,), t), None)
            before = kept[t - 1] if t else torch.tensor(1.0, dtype=torch.float64)
            beta = 1 - kept[t] / before
            mean = (before.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - before) * x) / (1 - kept[t])
            x = mean + ((1 - before) / (1 - kept[t]) * beta).sqrt() * fresh[i]
        self.assertLess((got - x).abs().max().item(), 1e-4)


class LearnedSchedule(unittest.TestCase):
    def test_rises_and_slope(self):
        torch.manual_seed(0)
        s = diffusion.Learned(-10.0, 9.0, 50)
        u = torch.linspace(0.01, 0.99, 30)
        gamma, slope = s(u)
        by_difference = (s(u + 5e-3)[0] - s(u - 5e-3)[0]) / 1e-2
        self.assertTrue((gamma[1:] > gamma[:-1]).all())
        self.assertTrue(torch.allclose(slope, by_difference, rtol=2e-2), f"{slope} {by_difference}")
        self.assertTrue(torch.allclose(s.table()[[0, -1]], torch.tensor([-10.0, 9.0]), atol=1e-4))
        self.assertTrue(torch.allclose(diffusion.table_of(s.tensors(), 50).float(), s.table(), atol=1e-4))

    def test_variance_falls(self):
        """If epsilon's error depends only on the level, training reduces the variance of the
        bound's estimate much."""
        torch.manual_seed(0)
        s = diffusion.Learned(-8.0, 8.0, 1000)
        optimizer = torch.optim.Adam(s.parameters(), lr=2e-2)
        error = lambda gamma: torch.sigmoid(-gamma - 2)
        estimates = []
        for _ in range(300):
            _, gamma, slope = s.draw(256)
            leaf = gamma.detach().requires_grad_()
            weight = torch.full_like(leaf, 3.0)
            (weight * error(leaf)).mean().backward()
            estimates.append((0.5 * slope * error(gamma)).detach())
            optimizer.zero_grad()
            diffusion.least_variance(gamma, slope, leaf, weight, error(leaf.detach()))
            optimizer.step()
        self.assertLess(estimates[-1].var().item(), 0.2 * estimates[0].var().item())
        self.assertAlmostEqual(estimates[-1].mean().item() / estimates[0].mean().item(), 1, places=1)


class Data(unittest.TestCase):
    def test_augment(self):
        """Moving and mirroring keep a picture's pixels; what leaves comes back."""
        torch.manual_seed(0)
        x = torch.arange(2 * 3 * 4 * 4.0).reshape(2, 3, 4, 4)
        y = data.augment(x, True, 2)
        self.assertEqual(x.shape, y.shape)
        self.assertTrue(torch.equal(x.flatten(2).sort(-1)[0], y.flatten(2).sort(-1)[0]))

    def test_condition(self):
        x = torch.rand(2, 3, 8, 8) * 2 - 1
        low = data.condition(x, 4)
        self.assertEqual(low.shape, x.shape)
        self.assertTrue(torch.equal(low[:, :, ::2, ::2], low[:, :, 1::2, 1::2]))
        self.assertLess((low[:, :, ::2, ::2] - torch.nn.functional.avg_pool2d(x, 2)).abs().max().item(), 0.005)

    def test_cells(self):
        """The pictures are found again in the grid that tools/sample draws, two pixels apart."""
        sheet = np.full((2 * 6 + 2, 3 * 6 + 2), 128, np.uint8)
        for i in range(5):
            y, x = i // 3 * 6 + 2, i % 3 * 6 + 2
            sheet[y:y + 4, x:x + 4] = i
        got = quality.cells(sheet, 5, 4)
        self.assertEqual(got.shape, (5, 1, 4, 4))
        self.assertTrue(all((got[i] == i).all() for i in range(5)))

    def test_chance(self):
        """Each draw has as many real pictures of each class; distances are averaged by judge, and
        by draw."""
        class Panel:
            seen = []

            def of(self, x, y):
                assert torch.equal(x[:, 0, 0, 0].long(), y)
                self.seen.append(y.tolist())
                return 0.5, [float(len(self.seen)), 3.0 * len(self.seen)]

        y = torch.tensor([1, 0, 1, 0, 0, 1])
        d = type("Data", (), {"x": y.reshape(-1, 1, 1, 1).float(), "y": y, "classes": ["a", "b"]})()
        panel = Panel()
        right, by_judge, draws = quality.by_chance(type("Arguments", (), {"draws": 3})(), panel, d, 2)
        self.assertEqual(panel.seen, [[0, 0, 1, 1]] * 3)
        self.assertEqual((round(right, 6), by_judge, draws), (0.5, [2.0, 6.0], [2.0, 4.0, 6.0]))

    def test_frechet(self):
        """Of two Gaussians with diagonal covariances the distance is known."""
        g = torch.Generator().manual_seed(0)
        a, b = (torch.randn(200_000, 2, generator=g, dtype=torch.float64) for _ in range(2))
        b = b * torch.tensor([2.0, 3.0]) + torch.tensor([1.0, 0.0])
        self.assertAlmostEqual(judge.frechet(a, b), 1 + (2 - 1) ** 2 + (3 - 1) ** 2, delta=0.05)
        self.assertAlmostEqual(judge.frechet(a, a), 0, places=6)


    def test_bad_files(self):
        """A file that is missing, cut short or of another kind is refused in a sentence."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x")
            good = os.path.join(folder, "good")
            export.write_safetensors(good, {"a": torch.ones(3)})
            with open(good, "rb") as f:
                whole = f.read()
            other = os.path.join(folder, "other.npz")
            np.savez(other, x_train=np.zeros(3))
            for read in (data.Pictures, export.read_safetensors, export.read_classes, export.read_json):
                with self.assertRaisesRegex(SystemExit, "cannot be read"):
                    read(path)
            for content in (b"", b"1234", whole[:-1], whole[:20], b"\xff" * 40):
                with open(path, "wb") as f:
                    f.write(content)
                for read in (data.Pictures, export.read_safetensors, export.read_classes):
                    with self.assertRaisesRegex(SystemExit, "cannot be read|not whole", msg=f"{read} {content}"):
                        read(path)
            with self.assertRaisesRegex(SystemExit, "has no x_test and no y_train"):
                data.Pictures(other)


class Preparing(unittest.TestCase):
    def test_idx(self):
        with tempfile.TemporaryDirectory() as folder:
            x = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
            path = os.path.join(folder, "x-idx3-ubyte.gz")
            with gzip.open(path, "wb") as f:
                f.write(b"\0\0\x08\x03" + struct.pack(">3I", *x.shape) + x.tobytes())
            self.assertTrue((prepare_idx.idx(folder, "x-idx3-ubyte") == x).all())
            with gzip.open(path, "wb") as f:
                f.write(b"\0\0\x08\x03" + struct.pack(">3I", *x.shape) + x.tobytes()[1:])
            with self.assertRaises(SystemExit):
                prepare_idx.idx(folder, "x-idx3-ubyte")

    def test_tiles(self):
        """The folder gives the class; tiles come on black, and marks in a corner are left out."""
        for folders, name, want in ((["item", "weapon"], "a.png", "weapon"), (["mon", "undead"], "a.png", "undead"),
                                    (["dc-mon"], "deep_elf.png", "humanoid"), (["mon"], "rat.png", "beast"),
                                    (["mon", "vault"], "a.png", None), (["gui", "tabs"], "a.png", None)):
            self.assertEqual(prepare_tiles.classify(folders, name), want, f"{folders} {name}")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.png")
            x = np.zeros((32, 32, 4), np.uint8)
            x[8:24, 8:24] = 255, 100, 50, 255
            Image.fromarray(x).save(path)
            got = prepare_tiles.tile(path, "potion")
            self.assertEqual((got[0, 0].tolist(), got[12, 12].tolist()), ([0, 0, 0], [255, 100, 50]))
            Image.fromarray(np.roll(x, (8, 8), (0, 1))).save(path)
            self.assertIsNone(prepare_tiles.tile(path, "potion"))
            self.assertIsNotNone(prepare_tiles.tile(path, "floor"))

    def test_clear(self):
        """Classifiers that have not seen them doubt pictures with a wrong label, and no others."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "shapes.npz")
            shapes(path, 320)
            d = data.Pictures(path)
            wrong = torch.arange(320) % 40 == 7
            d.y[wrong] = 1 - d.y[wrong]
            sure = prepare_clear.judged_by_others(d, 2, 1, seen=6400)
            self.assertEqual((sure < 0.5).tolist(), wrong.tolist())
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                prepare_clear.arguments(["--data", path, "--out", path, "--parts", "1"])

    def test_release(self):
        """Each tile of a release is taken once, archive leftovers are not; a folder with few tiles
        is refused."""
        folders = {"weapon": "item/weapon", "armour": "item/armour", "potion": "item/potion", "jewellery": "item/ring", "book": "item/book",
                   "wand": "item/wand", "beast": "mon/animals", "undead": "mon/undead", "demon": "mon/demons", "humanoid": "mon/unique",
                   "wall": "dngn/wall", "floor": "dngn/floor", "water": "dngn/water", "feature": "dngn/altars", "spell": "gui/spells/fire"}
        with tempfile.TemporaryDirectory() as root:
            for c, (name, folder) in enumerate(folders.items()):
                os.makedirs(os.path.join(root, folder))
                for i in range(9):
                    x = np.full((32, 32, 3), 10 * c + i, np.uint8)
                    Image.fromarray(x).save(os.path.join(root, folder, f"{i}.png"))
                    Image.fromarray(x).save(os.path.join(root, folder, f"{i} again.png"))
                with open(os.path.join(root, folder, "._0.png"), "wb") as f:
                    f.write(b"Mac OS X")
            x, y = prepare_tiles.gather([root, root])
            order = [prepare_tiles.CLASSES.index(c) for c in sorted(folders, key=folders.get)]
            self.assertEqual(y.tolist(), [c for c in order for _ in range(9)])
            first = list(folders).index(prepare_tiles.CLASSES[y[0]])
            self.assertEqual(x[:9, 0, 0, 0].tolist(), [10 * first + i for i in range(9)])
            os.remove(os.path.join(root, "item", "wand", "0.png"))
            os.remove(os.path.join(root, "item", "wand", "0 again.png"))
            for bad in ([root], [os.path.join(root, "nowhere")]):
                with self.assertRaises(SystemExit):
                    prepare_tiles.gather(bad)


class Training(unittest.TestCase):
    kinds = {
        "fixed": ["--flip", "--roll", "1", "--dropout", "0.1"],
        "learned": ["--schedule", "learned", "--predict", "v_prediction", "--loss", "bound"],
        "second": ["--low", "4", "--low-noise", "30", "--predict", "sample", "--attention", "0,1"],
    }

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.folder.name, "shapes.npz")
        shapes(self.file)

    def tearDown(self):
        self.folder.cleanup()

    def start(self, name, out):
        return train.Run(train.arguments([
            "--data", self.file, "--out", os.path.join(out, name), "--channels", "8,8", "--attention", "1", "--groups", "4",
            "--head", "8", "--batch", "16", "--timesteps", "100", "--precision", "float32", "--warmup", "5",
            "--pictures", "100000", "--rate", "3e-3", "--ema", "0.9", "--device", "cpu", *self.kinds[name]]))

    def test_learns_and_resumes(self):
        """Every kind of training lowers its loss, and an interrupted run ends with the same
        weights."""
        for name in self.kinds:
            out = OUT or self.folder.name
            run = self.start(name, out)
            first = run.held_out_loss()
            for _ in range(60):
                run.step()
            run.save()
            run.held_out_loss()
            run.show()
            for _ in range(5):
                run.step()
            again = self.start(name, out)
            for _ in range(5):
                again.step()
            self.assertEqual(again.seen, run.seen)
            for a, b in zip(run.averaged, again.averaged):
                self.assertTrue(torch.equal(a, b), f"{name}: not the same after an interruption")
            self.assertLess(again.held_out_loss(), 0.8 * first, name)
            run.save()

    def test_other_network_refused(self):
        run = self.start("fixed", self.folder.name)
        run.save()
        for other in (["--layers", "2"], ["--predict", "sample"]):
            self.kinds = {"fixed": other}
            with self.assertRaises(SystemExit):
                self.start("fixed", self.folder.name)

    def test_too_few_timesteps_refused(self):
        said = io.StringIO()
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(said):
            train.arguments(["--data", self.file, "--out", self.folder.name, "--timesteps", "19"])
        self.assertIn("--timesteps is 19 and must be at least 20", said.getvalue())

    def test_begins_with_another(self):
        run = self.start("fixed", self.folder.name)
        for _ in range(3):
            run.step()
        run.save()
        arguments = [*self.kinds["fixed"], "--start", os.path.join(self.folder.name, "fixed")]
        self.kinds = {"next": arguments, "wider": [*arguments, "--channels", "8,16"],
                      "apart": [*arguments, "--channels", "12,20", "--head", "4"]}
        follower = self.start("next", self.folder.name)
        self.assertEqual(follower.seen, 0)
        for a, b, c in zip(run.averaged, follower.averaged, follower.parameters):
            self.assertTrue(torch.equal(a, b) and torch.equal(a, c))
        wider = self.start("wider", self.folder.name)
        self.assertTrue(torch.equal(run.average.conv_in.weight, wider.network.conv_in.weight))
        self.assertEqual(tuple(wider.network.mid_block.resnets[0].conv1.weight.shape), (16, 16, 3, 3))
        with self.assertRaises(SystemExit):
            self.start("apart", self.folder.name)

    def test_written_as_read(self):
        network = unet.UNet2DModel(unet.config(8, 1, 1, (8, 8), groups=4, head=8, classes=2))
        export.export(self.folder.name, network, diffusion.scheduler_config("linear", "epsilon", 100),
                      diffusion.Fixed("linear", 100).table())
        read = export.read_safetensors(os.path.join(self.folder.name, "diffusion_pytorch_model.safetensors"))
        self.assertEqual(set(read), set(network.state_dict()))
        self.assertTrue(all(torch.equal(read[k], v) for k, v in network.state_dict().items()))
        golden = export.read_safetensors(os.path.join(self.folder.name, "golden.safetensors"))
        table = -torch.logit(golden["alphas_cumprod"].double())
        run = diffusion.ddim(network, "epsilon", table, golden["ddim_noise"], golden["ddim_y"], 2, 10, 2)
        self.assertLess((run - golden["ddim10_g2"]).abs().max().item(), 1e-4)


class Distilling(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.folder.name, "shapes.npz")
        shapes(self.file)
        self.teacher, self.out = (os.path.join(self.folder.name, name) for name in ("teacher", "student"))
        run = train.Run(train.arguments([
            "--data", self.file, "--out", self.teacher, "--channels", "8,8", "--attention", "1", "--groups", "4", "--head", "8",
            "--batch", "32", "--timesteps", "100", "--precision", "float32", "--warmup", "5", "--rate", "5e-3", "--ema", "0.9",
            "--predict", "v_prediction", "--device", "cpu"]))
        for _ in range(40):
            run.step()
        run.save()

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *more):
        return distill.Distillation(distill.arguments([
            "--data", self.file, "--teacher", self.teacher, "--out", self.out, "--places", "20", "--phases", "4", "--batch", "16",
            "--precision", "float32", "--warmup", "5", "--device", "cpu", "--rate", "2e-3", "--pictures", "10000", *more]))

    def test_phases(self):
        """They end at the timesteps of diffusers' LCMScheduler: of 50 places at 999, 759, 499 and 259 of 1000."""
        self.assertEqual([1000 // 50 * end - 1 for end in distill.phases(50, 4)], [-1, 259, 499, 759])
        self.assertEqual(distill.phases(50, 1), [0])

    def test_wanted_undoes_jump(self):
        run = self.start()
        x, out = torch.randn(5, 1, 8, 8), 0.1 * torch.randn(5, 1, 8, 8)
        place, to = torch.tensor([20, 15, 10, 5, 1]), torch.tensor([15, 10, 9, 0, 0])
        x = x * 0.3  # nothing is clipped
        got = run.wanted(x, run.jump(x, out, place, to), place, to)
        self.assertLess((got - out).abs().max().item(), 1e-3)

    def test_exact_teacher(self):
        """A teacher that knows the only picture leads straight to it, whatever it predicts, the phase, the guidance and
        the length of its steps; so the student is to say what the teacher knows."""
        x0 = torch.rand(1, 1, 8, 8) * 2 - 1
        for more in ([], ["--skip", "3"], ["--direct"], ["--direct", "--skip", "3"]):
            run = self.start(*more)
            levels = run.schedule.table()

            def exact(kind):
                def network(x, t, y):
                    alpha, sigma = (diffusion.column(torch.sigmoid(s * levels[t]).sqrt()) for s in (-1, 1))
                    return diffusion.target(kind, x0.expand_as(x), (x - alpha * x0) / sigma, levels[t])
                return network
            run.average = exact("v_prediction")
            places = run.places(torch.arange(20) / 20)
            self.assertEqual(sorted({p.item() for p in places}), [5, 10, 15, 20] if "--direct" in more else list(range(1, 21)))
            for run.taught in ("v_prediction", "sample", "epsilon"):
                run.teacher = exact(run.taught)
                x, wanted = run.lesson(x0.expand(20, 1, 8, 8), torch.zeros(20, dtype=torch.long), places, torch.randn(20, 1, 8, 8))
                apart = (wanted - run.average(x, places * run.stride - 1, None)).abs().amax((1, 2, 3))
                # From the noisiest place epsilon leads no further than a place below that.
                self.assertLess(apart[(places < 20) | (run.taught != "epsilon")].max().item(), 1e-3, (more, run.taught))
                self.assertLess(apart.max().item(), 0.2, (more, run.taught))
            got = run.sample(torch.randn(3, 1, 8, 8), torch.zeros(3, dtype=torch.long), 4)
            self.assertLess((got - x0).abs().max().item(), 1e-3)

    def test_direct_ends_where_the_teacher_does(self):
        """What the student is to say at a phase's beginning leads to where the teacher's steps end, one after the other."""
        run = self.start("--direct", "--skip", "2", "--guidance", "2")
        x0, y = run.data.held_out(4)
        place = torch.tensor([20, 15, 10, 5])
        x, wanted = run.lesson(x0, y, place, torch.randn(x0.shape))
        for i, places in enumerate(([20, 18, 16, 15], [15, 13, 11, 10], [10, 8, 6, 5], [5, 3, 1, 0])):
            way, label = x[i:i + 1], y[i:i + 1]
            for at, to in zip(places, places[1:]):
                at, to = torch.tensor([at]), torch.tensor([to])
                with torch.no_grad():
                    said, without = (run.teacher(way, at * run.stride - 1, of) for of in (label, torch.full_like(label, 2)))
                way = run.jump(way, without + 2 * (said - without), at, to)
            end = run.jump(x[i:i + 1], wanted[i:i + 1], place[i:i + 1], run.end[place[i:i + 1]])
            self.assertLess((end.clamp(-1, 1) - way.clamp(-1, 1)).abs().max().item(), 0.05, i)

    def test_learns_and_resumes(self):
        """It ends nearer to where its teacher's guided way of 20 steps ends than the teacher does in four, and an
        interrupted run ends with the same weights."""
        run = self.start("--guidance", "2")
        noise, y = torch.randn(64, 1, 8, 8), torch.arange(64) % 2
        way = diffusion.ddim(run.teacher, "v_prediction", run.schedule.table(), noise, y, 2, 20, 2)
        apart = lambda: (run.sample(noise, y, 4) - way).square().mean().item()
        first = apart()
        for _ in range(60):
            run.step()
        self.assertLess(apart(), 0.6 * first)
        run.save()
        run.show()
        run.step()
        again = self.start("--guidance", "2")
        again.step()
        self.assertTrue(all(torch.equal(a, b) for a, b in zip(run.averaged, again.averaged)))
        for other in (["--guidance", "3"], ["--guidance", "2", "--direct"], ["--guidance", "2", "--skip", "2"]):
            with self.assertRaises(SystemExit):
                self.start(*other)

    def test_refused(self):
        for more, want in ((["--teacher", self.folder.name], "config.json"), (["--phases", "21"], "--phases is 21"),
                           (["--places", "101"], "at most 100"), (["--skip", "0"], "--skip is 0"), (["--skip", "21"], "--skip is 21"),
                           (["--student", self.folder.name], "config.json")):
            said = io.StringIO()
            with self.assertRaises(SystemExit) as end, contextlib.redirect_stderr(said):
                self.start(*more)
            self.assertIn(want, said.getvalue() + str(end.exception))


class Matched(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.folder.name, "shapes.npz")
        shapes(self.file)
        self.teacher, self.student, self.out = (os.path.join(self.folder.name, name) for name in ("teacher", "student", "matched"))
        for out, steps, kind in ((self.student, 8, "v_prediction"), (self.teacher, 60, "epsilon")):
            run = train.Run(train.arguments([
                "--data", self.file, "--out", out, "--channels", "8,8", "--attention", "1", "--groups", "4", "--head", "8",
                "--batch", "32", "--timesteps", "100", "--precision", "float32", "--warmup", "5", "--rate", "5e-3", "--ema", "0.9",
                "--predict", kind, "--device", "cpu"]))
            for _ in range(steps):
                run.step()
            run.save()

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *more):
        """The student has hardly learned anything."""
        return match.Matching(match.arguments([
            "--data", self.file, "--teacher", self.teacher, "--student", self.student, "--out", self.out, "--places", "20",
            "--phases", "2", "--batch", "16", "--precision", "float32", "--device", "cpu", "--rate", "5e-4", "--pictures", "10000",
            "--follow-rate", "5e-3", "--ema", "0.9", "--alone", "5", *more]))

    def test_direction(self):
        """A teacher that knows one picture, and a follower that knows another: pictures go from that to the first,
        whatever the noise."""
        run = self.start()
        a, b = torch.rand(2, 1, 1, 8, 8) * 2 - 1
        levels = run.schedule.table()

        def knows(x0):
            def network(x, t, y):
                alpha, sigma = (diffusion.column(torch.sigmoid(s * levels[t]).sqrt()) for s in (-1, 1))
                return diffusion.target(run.taught, x0.expand_as(x), (x - alpha * x0) / sigma, levels[t])
            return network
        run.teacher, run.follower = knows(a), knows(b)
        got = run.direction(b.expand(9, 1, 8, 8), torch.zeros(9, dtype=torch.long))
        self.assertLess((got - (a - b) / (a - b).abs().mean()).abs().max().item(), 1e-2)

    def test_follower_learns_alone(self):
        run = self.start()
        before = [p.clone() for p in run.parameters]
        followed = next(run.follower.parameters()).clone()
        run.step()
        self.assertTrue(all(torch.allclose(p, q, atol=1e-5) for p, q in zip(before, run.parameters)))
        self.assertFalse(torch.equal(followed, next(run.follower.parameters())))

    def test_learns_and_resumes(self):
        """What it draws in two steps comes nearer to the data, class by class, in mean and in spread; an interrupted
        run ends with the same weights."""
        run = self.start()
        noise, y = torch.randn(64, 1, 8, 8), torch.arange(64) % 2
        x, of = run.data.held_out(16)

        def apart():
            drawn = run.sample(noise, y, 2)
            return sum((f(drawn[y == c]) - f(x[of == c])).square().mean().item()
                       for c in (0, 1) for f in (lambda p: p.mean(0), lambda p: p.std(0)))
        first = apart()
        for _ in range(60):
            run.step()
        self.assertLess(apart(), 0.5 * first)
        self.assertTrue(math.isfinite(run.held_out_loss()))
        run.save()
        run.step()
        again = self.start()
        again.step()
        self.assertTrue(all(torch.equal(a, b) for a, b in zip(run.averaged, again.averaged)))
        with self.assertRaises(SystemExit):
            self.start("--phases", "3")

    def test_refused(self):
        said = io.StringIO()
        with self.assertRaises(SystemExit) as end, contextlib.redirect_stderr(said):
            self.start("--student", os.path.join(self.folder.name, "nowhere"))
        self.assertIn("nowhere", said.getvalue() + str(end.exception))
        for more in (["--direct"], ["--skip", "2"]):
            said = io.StringIO()
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(said):
                self.start(*more)
            self.assertIn("for distill.py alone", said.getvalue())

    def test_other_teacher(self):
        """A teacher of other noise than the student was made for."""
        path = os.path.join(self.teacher, "scheduler_config.json")
        export.write_json(path, {**export.read_json(path), "beta_schedule": "linear"})
        with self.assertRaises(SystemExit) as end:
            self.start()
        self.assertIn("other classes, pictures or noise", str(end.exception))


class Peer(unittest.TestCase):
    def test_folder(self):
        """A config becomes a network with its weights, and the same as ONNX."""
        with tempfile.TemporaryDirectory() as folder:
            config, out = os.path.join(folder, "config.json"), os.path.join(folder, "peer")
            export.write_json(config, unet.config(8, 3, 3, (8, 8), attention=(1,), groups=4, head=8))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                export_onnx.main(["--config", config, "--out", out])
            network = unet.UNet2DModel(export.read_json(os.path.join(out, "config.json")))
            tensors = export.read_safetensors(os.path.join(out, "diffusion_pytorch_model.safetensors"))
            network.load_state_dict(tensors)
            with open(os.path.join(out, "model.onnx"), "rb") as f:
                model = f.read()
            self.assertIn(tensors["conv_in.weight"].numpy().tobytes(), model)


class Stored(unittest.TestCase):
    def test_choice_and_file(self):
        """The same pictures of every class in any order of the data; and a folder that
        tools/convert reads."""
        with tempfile.TemporaryDirectory() as folder:
            file, out = os.path.join(folder, "shapes.npz"), os.path.join(OUT or folder, "stored")
            shapes(file)
            pictures = data.Pictures(file)
            x, y = prepare_oracle.choose(pictures.x, pictures.y, 5)
            again, _ = prepare_oracle.choose(pictures.x.flip(0), pictures.y.flip(0), 5)
            self.assertTrue(torch.equal(x, again))
            self.assertEqual(y.tolist(), [0] * 5 + [1] * 5)
            prepare_oracle.main(["--data", file, "--each", "5", "--out", out])
            read = export.read_safetensors(os.path.join(out, "diffusion_pytorch_model.safetensors"))
            self.assertTrue(torch.equal(read["pictures"], x))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        OUT = sys.argv.pop(1)
    torch.set_num_threads(1)
    unittest.main()
