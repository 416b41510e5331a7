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
var otherNetworks = []struct {
	class string
	is    reason.Note
}{
	{"UNet2DConditionModel", reason.NewNote("what.conditional", "the network of a "+
		"text-to-image pipeline, which needs what a text encoder makes of a prompt")},
	{"UNet1DModel", reason.NewNote("what.sequences",
		"a network of sequences (sound, movements), and no pictures")},
	{"UNet3D", ofVideos},
	{"UNetSpatioTemporal", ofVideos},
	{"UNetMotion", ofVideos},
	{"I2VGenXL", ofVideos},
	{"Autoencoder", anAutoencoder},
	{"VQModel", anAutoencoder},
	{"AsymmetricAutoencoder", anAutoencoder},
	{"ControlNet", reason.NewNote("what.controlnet",
		"a ControlNet, which steers another network")},
	{"T2IAdapter", reason.NewNote("what.adapter",
		"an adapter, which steers another network")},
	{"Prior", reason.NewNote("what.embeddings", "a network of embeddings, and no pictures")},
	{"SD3", aTransformer},
	{"Flux", aTransformer},
	{"PixArt", aTransformer},
	{"Kandinsky3", ofPipeline},
	{"StableCascade", ofPipeline},
}

var (
	anAutoencoder = reason.NewNote("what.autoencoder",
		"an autoencoder, which turns latents into pictures and draws nothing itself")
	ofVideos     = reason.NewNote("what.videos", "a network of videos")
	ofPipeline   = reason.NewNote("what.pipeline", "the network of a text-to-image pipeline")
	aTransformer = reason.NewNote("what.transformer", "a text-to-image transformer")
)

// otherClass is the error about a config.json of another class.
func otherClass(class string) error {
	const only = ", and only a " + unet.ClassName + ", a " + classifier.ClassName + " and an " +
		oracle.ClassName + " can be converted"
	class = torch.Printable(class)
	for _, o := range otherNetworks {
		if strings.HasPrefix(class, o.class) {
			return reason.New("class.known", "its config.json describes a {class}, {what}"+only,
				"class", strconv.Quote(class), "what", o.is)
		}
	}
	return reason.New("class", "its config.json describes a {class}"+only, "class",
		strconv.Quote(class))
}
