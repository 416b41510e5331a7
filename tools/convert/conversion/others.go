package conversion

import (
	"strconv"
	"strings"

	"tweedie/sampler/classifier"
	"tweedie/sampler/oracle"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/reason"
	"tweedie/tools/convert/torch"
)

// otherNetworks are classes of diffusers that are no networks of pictures alone, by the beginning
// of their names, with what they are.
var otherNetworks = []struct{ class, says string }{
	{"UNet2DConditionModel", "the network of a text-to-image pipeline, which needs what a text " +
		"encoder makes of a prompt"},
	{"UNet1DModel", "a network of sequences (sound, movements), and no pictures"},
	{"UNet3D", "a network of videos"},
	{"UNetSpatioTemporal", "a network of videos"},
	{"UNetMotion", "a network of videos"},
	{"I2VGenXL", "a network of videos"},
	{"Autoencoder", "an autoencoder, which turns latents into pictures and draws nothing itself"},
	{"VQModel", "an autoencoder, which turns latents into pictures and draws nothing itself"},
	{"AsymmetricAutoencoder", "an autoencoder, which turns latents into pictures and draws " +
		"nothing itself"},
	{"ControlNet", "a ControlNet, which steers another network"},
	{"T2IAdapter", "an adapter, which steers another network"},
	{"Prior", "a network of embeddings, and no pictures"},
	{"SD3", "a text-to-image transformer"},
	{"Flux", "a text-to-image transformer"},
	{"PixArt", "a text-to-image transformer"},
	{"Kandinsky3", "the network of a text-to-image pipeline"},
	{"StableCascade", "the network of a text-to-image pipeline"},
}

// otherClass is the error about a config.json of another class.
func otherClass(class string) error {
	const only = ", and only a " + unet.ClassName + ", a " + classifier.ClassName + " and an " +
		oracle.ClassName + " can be converted"
	class = torch.Printable(class)
	for _, o := range otherNetworks {
		if strings.HasPrefix(class, o.class) {
			return reason.New("class", "its config.json describes a {class}, {what}"+only,
				"class", strconv.Quote(class), "what", o.says)
		}
	}
	return reason.New("class", "its config.json describes a {class}"+only, "class",
		strconv.Quote(class))
}
