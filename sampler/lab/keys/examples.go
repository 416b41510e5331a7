package keys

import "strings"

// Topic is a part of the theory.
type Topic string

// The topics of examples.
const (
	TopicPrediction Topic = "prediction" // what the network predicts, and how an error counts
	TopicSchedule   Topic = "schedule"
	TopicBound      Topic = "bound"
	TopicLangevin   Topic = "langevin"
	TopicSDE        Topic = "sde"
	TopicFlow       Topic = "flow"
	TopicGuidance   Topic = "guidance"
	TopicLatents    Topic = "latents"
)

// Example is a recipe that shows something of the theory.
type Example struct {
	Name   string // for programs
	Topic  Topic
	Recipe string // canonical
	Doc    string // what it shows, one sentence
}

// examples in the order of lists, topic by topic.
var examples = []Example{
	{"epsilon", TopicPrediction, "d=moons&p=epsilon",
		"The network predicts the noise ε̂, from which all other readings follow"},
	{"x0", TopicPrediction, "d=moons&p=x0",
		"The network predicts the clean point: choose x̂₀ above the plane, and go back in time"},
	{"score", TopicPrediction, "d=mixture&p=score",
		"The network predicts the score, whose arrows lie on the exact ones"},
	{"v", TopicPrediction, "d=moons",
		"The network predicts v, between noise and clean point: well posed at every level"},
	{"weighted", TopicPrediction, "d=spiral&p=epsilon&loss=bound",
		"The loss of the bound weighs errors at weak noise most"},
	{"min-snr", TopicPrediction, "d=spiral&p=epsilon&loss=min-snr",
		"Min-SNR bounds that weight, between the simple loss and the bound"},

	{"linear", TopicSchedule, "d=spiral&schedule=linear",
		"DDPM’s linear schedule loses the signal early; its late steps see little but noise"},
	{"sigmoid", TopicSchedule, "d=spiral&schedule=sigmoid",
		"A sigmoid of β: the signal is lost in the middle of the way"},
	{"learned", TopicSchedule, "d=spiral&schedule=learned",
		"A learned schedule: the curve of the signal moves while the network learns"},

	{"forms", TopicBound, "d=mixture",
		"The bound in both forms, beside the exact likelihood, which neither crosses"},

	{"off", TopicLangevin, "d=moons&at=0.01&ssteps=400&start=1",
		"One noise level: far from the data the score was never learned, and points stay there"},
	{"weights", TopicLangevin, "d=mixture&at=0.1&ssteps=200&start=1",
		"One noise level: modes lose their weights, and the score is wrong where data are rare"},
	{"annealed", TopicLangevin, "d=moons&ssteps=100&k=annealed",
		"A ladder of noise levels, one network for all: annealed Langevin brings all points home"},
	{"balanced", TopicLangevin, "d=mixture&ssteps=100&k=annealed&correct=10",
		"Ten Langevin steps on each level give two modes their weights"},

	{"reverse", TopicSDE, "d=rings&ssteps=200&k=vp_pc",
		"The reverse SDE that keeps the variance, with a corrector after each step"},
	{"exploding", TopicSDE, "d=rings&ssteps=200&k=ve_pc",
		"The reverse SDE whose variance explodes, by the same network"},
	{"ode", TopicSDE, "d=rings&ssteps=100&k=pf_ode",
		"The probability-flow ODE: the same marginals without fresh noise, on smooth paths"},
	{"ddpm", TopicSDE, "d=rings&ssteps=1000&k=ddpm",
		"DDPM takes all thousand steps, each with fresh noise"},
	{"few", TopicSDE, "d=rings&ssteps=20&k=dpmpp_2m&sigmas=exponential",
		"A solver of second order arrives in twenty steps, by noise levels even in log σ"},

	{"bent", TopicFlow, "d=moons&schedule=straight&ssteps=2",
		"A rectified flow: its paths bend, so that two steps do not arrive"},
	{"reflow", TopicFlow, "d=moons&schedule=straight&reflow=2000&ssteps=1",
		"One reflow: the paths are straight, and one step arrives"},

	{"classes", TopicGuidance, "d=letters&c=all",
		"One network learns with the class and without it, by dropping labels at random"},
	{"free", TopicGuidance, "d=moons&noise=0.1&c=upper&g=4",
		"Classifier-free guidance: precision rises and coverage falls as the guidance grows"},
	{"classifier", TopicGuidance, "d=moons&noise=0.1&c=upper&cg=4",
		"Classifier guidance, by a classifier of noisy points that learns after the network"},

	{"vae", TopicLatents, "d=moons&m=vae",
		"A VAE is the bound with one step, T = 1: reconstruction less one divergence"},
	{"hierarchy", TopicLatents, "d=moons&m=vae&levels=3",
		"Three levels of latents: diffusion is such a hierarchy whose encoders are fixed to noise"},
	{"latent", TopicLatents, "d=digits&c=all",
		"Latent diffusion: an autoencoder brings digits to the plane, where a diffusion learns"},
}

// Examples lists recipes that show the theory, topic by topic.
func Examples() []Example { return append([]Example(nil), examples...) }

// ExamplesMarkdown returns the table of examples for people.
func ExamplesMarkdown() string {
	var b strings.Builder
	b.WriteString("| recipe | what |\n|---|---|\n")
	for _, e := range examples {
		b.WriteString("| `" + e.Recipe + "` | " + e.Doc + " |\n")
	}
	return b.String()
}
