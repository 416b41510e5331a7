package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"tweedie/sampler/graph"
	"tweedie/sampler/kernels"
	"tweedie/sampler/schedule"
	"tweedie/tools/convert/checkpoint"
	"tweedie/tools/convert/family"
	"tweedie/weights"
	"tweedie/weights/json"
)

// familyOptions are what the command line says of a network that is no UNet2DModel.
type familyOptions struct {
	name     string // of its family, "" to recognise it
	explain  bool
	settings family.Settings
	given    []string // the names of all flags that were given
}

// flags adds the flags to f.
func (o *familyOptions) flags(f *flag.FlagSet) {
	s := &o.settings
	f.StringVar(&o.name, "family", "", "the `name` of the network's family, where it is not "+
		"recognised: "+strings.Join(family.Names(), ", "))
	f.BoolVar(&o.explain, "explain", false, "say where every tensor goes")
	f.Func("size", "the pictures' `side`, or height×width as 32x48, where the file does not say it",
		func(text string) error {
			height, width, ok := strings.Cut(text, "x")
			if !ok {
				width = height
			}
			var err error
			if s.Height, err = side(height); err == nil {
				s.Width, err = side(width)
			}
			return err
		})
	count := func(dst *int, name, usage string) {
		f.Func(name, usage, func(text string) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return errors.New("want a whole number from 1")
			}
			*dst = n
			return nil
		})
	}
	count(&s.Heads, "heads", "the `number` of heads of attention")
	count(&s.HeadsUp, "heads-up", "their `number` on the way up, where it is another")
	count(&s.HeadWidth, "head-width", "the `channels` of a head, in place of their number")
	f.StringVar(&s.Order, "qkv", "",
		"the `order` of queries, keys and values in one tensor: heads or qkv")
	f.StringVar(&s.Prediction, "prediction", "",
		"what the network predicts: `epsilon`, sample, v_prediction or flow")
	f.StringVar(&s.Schedule, "schedule", "", "the `name` of the noise schedule: linear, cosine, …")
	count(&s.Timesteps, "timesteps", "the `number` of timesteps that it was trained for")
	f.Func("range", "the smallest and largest value of the pictures of training, as `-1,1`, where "+
		"the family's scripts had others", func(text string) error {
		_, err := fmt.Sscanf(text, "%g,%g", &s.Low, &s.High)
		if err != nil || !(s.Low < s.High) || math.IsInf(s.High-s.Low, 0) {
			return errors.New("want two numbers that rise, as -1,1")
		}
		return nil
	})
	f.Func("time-scale", "the `factor` by which the network is told the timestep",
		func(text string) error {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || !(v > 0) || math.IsInf(v, 0) {
				return errors.New("want a number above 0")
			}
			s.TimeScale = v
			return nil
		})
}

func side(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1024 {
		return 0, errors.New("want a side from 1 to 1024, or 32x48")
	}
	return n, nil
}

// familyFlags are the flags that some families read. given are those of the command line.
var familyFlags = []string{"size", "heads", "heads-up", "head-width", "qkv", "prediction",
	"schedule", "timesteps", "time-scale", "range"}

// unread refuses a flag that the networks of a family, or of none, do not read: what is given must
// not be ignored.
func (o *familyOptions) unread(f *family.Family) error {
	for _, name := range o.given {
		known := f != nil && slices.ContainsFunc(f.Options,
			func(option family.Option) bool { return option.Flag == "-"+name })
		if known || !slices.Contains(familyFlags, name) {
			continue
		}
		of := networkClass + ", whose config.json says everything"
		if f != nil {
			of = "the family " + f.Name
		}
		return fmt.Errorf("-%s says nothing to a network of %s; -families lists what each is "+
			"asked for", name, of)
	}
	return nil
}

// listFamilies prints the families, and what their files do not say.
func listFamilies(w io.Writer) error {
	fmt.Fprintf(w, "%s: diffusers' networks, with their config.json\n", networkClass)
	for _, f := range family.Families {
		fmt.Fprintf(w, "%s: %s\n", f.Name, f.Of)
		for _, o := range f.Options {
			if _, err := fmt.Fprintf(w, "  %-12s %s\n", o.Flag, o.Default); err != nil {
				return err
			}
		}
	}
	return nil
}

// graphMarks are the tensors by which networks of other families are found in a checkpoint.
func graphMarks() (list []checkpoint.Mark) {
	for _, f := range family.Families {
		list = append(list, checkpoint.Mark{Family: graph.ClassName, Anchor: f.Anchor})
	}
	return list
}

// convertGraph writes the architecture of a network of one of package family's families.
func convertGraph(in *input) (draft, error) {
	o := in.family
	state := family.NewState(in.state.Tensors)
	state.Beside(in.state.Beside())
	f := family.Recognise(state)
	if o.name != "" {
		var err error
		if f, err = family.Of(o.name); err != nil {
			return draft{}, err
		}
	}
	if f == nil {
		return draft{}, in.wrong(fmt.Errorf("no network of a known family in it, although it has "+
			"a tensor that some begin with; known are %s (-family NAME)",
			strings.Join(family.Names(), ", ")))
	}
	if err := o.unread(f); err != nil {
		return draft{}, in.wrong(err)
	}
	in.say("a network of the family %s (%s)", f.Name, f.Of)
	names, err := classNames(in.options.classes)
	if err != nil {
		return draft{}, err
	}
	settings := o.settings
	if list, err := json.Texts([]byte(names), ""); names != "" && err == nil {
		settings.ClassCount = len(list)
	}
	if root, found, err := in.object(in.options.config, in.source.Config, "config"); err != nil {
		return draft{}, err
	} else if found {
		settings.Config = string(root.Append(nil))
	}
	n, err := f.Build(state, settings)
	if err != nil {
		return draft{}, in.wrong(err)
	}
	for _, note := range n.Notes {
		in.say("%s", note)
	}
	if o.explain {
		for _, line := range n.Report() {
			fmt.Fprintln(in.stdout, line)
		}
	}
	settings.Raw = true
	plain, err := f.Build(state, settings)
	if err != nil {
		return draft{}, in.wrong(err)
	}
	d := draft{config: n.Config, scheduler: n.Scheduler, sampling: n.Sampling, tensors: n.Tensors}
	d.graph, d.raw, d.tolerance = true, plain.Config, f.Tolerance
	if in.options.scheduler != "" || in.source.Scheduler != "" {
		d.scheduler, err = in.readScheduler()
	} else {
		_, err = schedule.ParseConfig([]byte(d.scheduler))
	}
	return d, err
}

// grown is a network whose architecture is data.
type grown struct {
	*graph.Network
	raw *graph.Network // as its authors' code has it
}

// openGraph compiles both forms of a network.
func openGraph(m *graph.Model, f *weights.File, raw string) (network, error) {
	g, err := graph.Parse([]byte(raw))
	if err != nil {
		return nil, err
	}
	n, err := graph.New(g, f, 1, kernels.Best())
	return grown{m.Network, n}, err
}

func (g grown) size() string { return fmt.Sprint(g.Parameters, " parameters") }

func (g grown) check(file string, tolerance float64, w io.Writer) error {
	return checkFile(file, tolerance, w, func(f *weights.File, all *difference) error {
		for _, form := range forms {
			if err := g.compare(f, form, all, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// compare evaluates the recording of one form, if the file has it, and prints a line for each item.
func (g grown) compare(f *weights.File, form form, all *difference, w io.Writer) error {
	sample, ok := f.Tensor(form.sample)
	times, okTimes := f.Tensor(form.times)
	output, okOutput := f.Tensor(form.output)
	if !ok || !okTimes || !okOutput {
		return nil
	}
	steps, err := numbers(times)
	if err != nil {
		return err
	}
	n, in, out := len(steps), size(g.raw.Sample), size(g.raw.Output)
	if n == 0 || sample.Len() != n*in || output.Len() != n*out {
		return fmt.Errorf("want %d inputs %v and outputs %v, one for each of %s, got %v and %v",
			n, g.raw.Sample, g.raw.Output, form.times, sample.Shape, output.Shape)
	}
	labels, err := g.labels(f, form.labels, n)
	if err != nil {
		return err
	}
	x, want := sample.Float32s(), output.Float64s()
	estimate := make([]float32, n*in)
	if t, ok := f.Tensor("self_cond"); ok && t.Len() == n*in {
		estimate = t.Float32s()
	}
	if x == nil || want == nil {
		return errors.New("want floating-point numbers in " + form.sample + " and " + form.output)
	}
	got := make([]float32, out)
	for i := range n {
		g.raw.Forward([][]float32{got}, []graph.Item{{Sample: x[i*in : (i+1)*in],
			Estimate: estimate[i*in : (i+1)*in], Time: steps[i], Class: labels[i]}})
		var d difference
		for j, v := range got {
			d.add(float64(v), want[i*out+j])
		}
		all.join(d)
		if _, err := fmt.Fprintf(w, "%s[%d]  %v  t %g\n",
			form.output, i, &d, steps[i]); err != nil {
			return err
		}
	}
	return nil
}

// labels are the classes of the items, none for a network without classes or a recording without.
func (g grown) labels(f *weights.File, name string, n int) ([]int, error) {
	labels := make([]int, n)
	for i := range labels {
		labels[i] = graph.NoClass
	}
	t, ok := f.Tensor(name)
	if g.raw.Classes == 0 || !ok {
		return labels, nil
	}
	values, err := numbers(t)
	if err != nil {
		return nil, err
	}
	if len(values) != n {
		return nil, fmt.Errorf("want %d classes in %s, one for each timestep, got %d", n, name,
			len(values))
	}
	for i, v := range values {
		// The row behind the last class stands for none where there is one.
		if labels[i] = int(v); labels[i] == g.raw.Classes {
			labels[i] = graph.NoClass
		}
		if v != float64(int(v)) || v < 0 || int(v) > g.raw.Classes {
			return nil, fmt.Errorf("want classes from 0 to %d in %s, got %g at index %d",
				g.raw.Classes, name, v, i)
		}
	}
	return labels, nil
}

func size(s graph.Shape) int { return s.Channels * s.Height * s.Width }
