// Package layers is the kit that the networks are built of. It turns layers of
// PyTorch state dicts into a flat list of steps over buffers that are allocated
// once.
//
// A family of networks (package unet, package classifier) reads its config and
// says which layers the network has. Compile gives it a Compiler, whose methods
// check tensors, pack them and add steps:
//
//	p, err := layers.Compile(options, file, func(c *layers.Compiler) {
//		x := c.Padding(28, 28, layers.Channels{1})
//		c.Input("sample", sample, nil, x)
//		y := c.Plane(28, 28, layers.Channels{32})
//		c.Conv3("conv_in", x, y, layers.Fixed(c.Vector("conv_in.bias", y.Ch)), nil)
//		…
//	})
//
// Program.Run then evaluates the network without allocating.
//
// # Memory
//
// Activations are planes: NHWC with channels padded to a multiple of
// kernels.Lanes. Channels says where each channel of a state dict lies, and its
// Offsets gather a tensor's rows and columns into the layout of the matrix
// products, in any order that a file has. A concatenation is one plane whose parts
// (Plane.Part) are written by different layers, so nothing is copied. The input of
// a 3×3 convolution is a padded picture (Padded), which the layer before writes
// directly. Plane and Free share buffers between activations that do not live at
// the same time.
//
// # Gradients
//
// With Options.Gradient every layer also has its way back: from the gradient of
// its output to that of its input. Weights are constants, so the way back carries
// the gradient of the activations only. It stands in the same function as the way
// forward. A layer without a way back panics in such a program.
//
// # Deep features
//
// A network with skip connections says by Compiler.Pin which values are its deep features, and by
// Compiler.Deep which steps only they need. Program.RunDeep keeps them, or leaves these steps out.
//
// # Another layer
//
// A layer that only one family needs is a Step that the family adds with
// Compiler.Add, over the Data of planes. A layer that several need belongs here.
package layers
