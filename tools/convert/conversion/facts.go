package conversion

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"tweedie/sampler/classifier"
	"tweedie/sampler/graph"
	"tweedie/sampler/model"
	"tweedie/sampler/oracle"
	"tweedie/sampler/picture"
	"tweedie/sampler/recipe"
	"tweedie/sampler/unet"
	"tweedie/tools/convert/reason"
	"tweedie/weights"
)

// Facts are what is known of a weights file before it runs.
type Facts struct {
	File       string
	Bytes      int
	SHA256     string
	Info       recipe.Info
	Kind       reason.Note // what network it is
	Parameters int
	Need       model.Need
	Types      []string
	Metadata   map[string]string
}

// perSecond is how many multiply-adds a page does in a second on one core, measured in Chromium on
// the machine of tools/bench/README.md: two evaluations of the digits in 15.9 ms.
const perSecond = 30e9

// Milliseconds is what one evaluation takes in a page, by the number of its products.
func (f Facts) Milliseconds() float64 { return 1e3 * float64(f.Need.MultiplyAdds) / perSecond }

// FactsOf reads a weights file. The network is measured, and not compiled.
func FactsOf(name string, b []byte) (Facts, error) {
	f, err := weights.Parse(b)
	if err != nil {
		return Facts{}, err
	}
	out := Facts{File: name, Bytes: len(b), SHA256: fmt.Sprintf("%x", sha256.Sum256(b)),
		Types: storedTypes(f), Metadata: f.Metadata}
	if model.IsClassifier(f) {
		m, err := classifier.Open(f)
		if err != nil {
			return out, err
		}
		out.Parameters = m.Parameters
		out.Kind = reason.NewNote("kind.classifier", "a classifier, which guides other models")
		out.Info.Title = f.Metadata["title"]
		return out, nil
	}
	if c, err := unet.ParseConfig([]byte(f.Metadata["config"])); err == nil &&
		c.ClassEmbedType == "identity" {
		out.Kind = reason.NewNote("kind.vector", unet.ClassName+", whose condition is a vector, "+
			"which no recipe can name")
		return out, nil
	}
	m, info, err := model.Measure("model", f, picture.Hash(b))
	if err != nil {
		return out, err
	}
	out.Info, out.Need = info, model.NeedOf(m)
	switch m := m.(type) {
	case *unet.Model:
		out.Parameters = m.Parameters
		out.Kind = reason.NewNote("kind.unet", unet.ClassName)
	case *graph.Model:
		out.Parameters = m.Parameters
		out.Kind = reason.NewNote("kind.family", "a network of the family {family}", "family",
			m.Family)
	case *oracle.Model:
		out.Kind = reason.NewNote("kind.exact", "the exact denoiser of {n} stored pictures",
			"n", m.Pictures())
	}
	return out, nil
}

// Drawn checks that a recipe with nothing but the model in it can run: the sampler of the file's
// schedule has the options that the file sets. A cascade needs its first stage for that.
func (f Facts) Drawn() error {
	if f.Info.Channels == 0 {
		return reason.New("companion", "it is {kind} and draws nothing itself", "kind", f.Kind)
	}
	return Drawn(f.Info)
}

// Drawn is Facts.Drawn for a model that has been opened.
func Drawn(info recipe.Info) error {
	if info.Cascade != nil {
		return nil
	}
	r, err := recipe.Parse("m=" + info.Name)
	if err == nil {
		_, err = recipe.Resolve(r, info)
	}
	return err
}

// storedTypes counts the numbers that a file stores in each type.
func storedTypes(f *weights.File) (list []string) {
	counts := map[string]int{}
	for i := range f.Tensors {
		counts[f.Tensors[i].DType.String()] += f.Tensors[i].Len()
	}
	for name, n := range counts {
		list = append(list, fmt.Sprintf("%d %s", n, name))
	}
	slices.Sort(list)
	return list
}

// Lines are the facts for people, each with its name.
func (f Facts) Lines() (list [][2]string) {
	add := func(name, format string, args ...any) {
		list = append(list, [2]string{name, fmt.Sprintf(format, args...)})
	}
	add("file", "%s, %d bytes", f.File, f.Bytes)
	add("SHA-256", "%s", f.SHA256)
	if title := f.Metadata["title"]; title != "" {
		add("title", "%s", title)
	}
	add("network", "%s", f.Kind)
	if f.Parameters > 0 {
		add("parameters", "%d, stored as %s", f.Parameters, strings.Join(f.Types, ", "))
	}
	if i := f.Info; i.Channels > 0 {
		add("pictures", "%d×%d, %s", i.Height, i.Width, channelsText(i.Channels))
		if len(i.Classes) > 0 {
			add("classes", "%d: %s", len(i.Classes), some(i.Classes))
		}
		add("predicts", "%s, at %d timesteps", i.Scheduler.PredictionType,
			i.Scheduler.NumTrainTimesteps)
		add("recipe", "%s, %d steps, guidance %g", i.Defaults.Sampler, i.Defaults.Steps,
			i.Defaults.Guidance)
	}
	if f.Need.MultiplyAdds > 0 {
		add("arithmetic", "%.0f million multiply-adds, about %.1f ms in a page on one core",
			float64(f.Need.MultiplyAdds)/1e6, f.Milliseconds())
		add("memory", "%.1f MB", float64(f.Need.Bytes)/1e6)
	}
	for _, key := range []string{"licence", "data", "provenance"} {
		if text := f.Metadata[key]; text != "" {
			add(key, "%s", text)
		}
	}
	return list
}

func channelsText(n int) string {
	switch n {
	case 1:
		return "grey"
	case 3:
		return "in colour"
	}
	if !picture.Latent(n) {
		return fmt.Sprintf("%d channels, which no picture has: sample -trace writes the numbers", n)
	}
	return fmt.Sprintf("%d channels of latents, which are drawn as they are", n)
}

// some joins the first few of many names.
func some(names []string) string {
	const few = 12
	if len(names) > few {
		return strings.Join(names[:few], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
