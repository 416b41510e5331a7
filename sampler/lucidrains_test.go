package sampler

import (
	"math"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/graph"
	"tweedie/sampler/network"
	"tweedie/sampler/recipe"
	"tweedie/sampler/schedule"
	"tweedie/sampler/solver"
	"tweedie/tools/convert/family"
	"tweedie/weights"
)

// lucidData is where the networks of denoising-diffusion-pytorch are, with runs of its sampler.
const lucidData = "../tools/convert/family/testdata/"

// lucidBound is how far a state may be from the authors', whose network is in float32 as well.
const lucidBound = 1e-4

// lucidrains converts a network and opens it.
func lucidrains(t *testing.T, name string) (network.Model, recipe.Info) {
	t.Helper()
	s := family.NewState(fixture.Weights(t, lucidData+name+"/state.safetensors.gz").Tensors)
	n, err := family.Recognise(s).Build(s, family.Settings{Height: 16, Width: 16})
	if err != nil {
		t.Fatal(err)
	}
	f := &weights.File{Tensors: n.Tensors, Metadata: map[string]string{"config": n.Config,
		"scheduler": n.Scheduler, "sampling": n.Sampling}}
	m, err := graph.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	info, err := recipe.NewInfo("lucid", f.Metadata, "0123456789abcdef", m)
	if err != nil {
		t.Fatal(err)
	}
	return m, info
}

// recordedRun is a run of the authors' ddim_sample: its first state, the noise that each step drew,
// and of every state each third number.
type recordedRun struct {
	*testing.T
	init, noise, states []float64
	times               []int64
	size, steps, stride int
}

func newRecordedRun(t *testing.T, name string) *recordedRun {
	f := fixture.Weights(t, lucidData+name+"/trace.safetensors.gz")
	r := &recordedRun{T: t, init: fixture.Tensor(t, f, "init").Float64s(),
		noise:  fixture.Tensor(t, f, "noise").Float64s(),
		states: fixture.Tensor(t, f, "x").Float64s(), times: fixture.Int64s(t, f, "timesteps"),
		stride: 3}
	r.size, r.steps = len(r.init), len(r.times)
	if _, ok := f.Tensor("final_01"); ok { // the last state, of which all numbers are kept
		for i, v := range fixture.Tensor(t, f, "final_01").Float64s() {
			if i%r.stride == 0 {
				r.states = append(r.states, float64(2*v)-1)
			}
		}
	}
	return r
}

// normal is what the trajectory draws. The last step draws nothing that counts.
func (r *recordedRun) normal(dst []float64, draw uint32) {
	clear(dst)
	if at := int(draw-1) * r.size; at < len(r.noise) {
		copy(dst, r.noise[at:at+r.size])
	}
}

// follow takes the steps of a trajectory with the recorded noise and compares every state.
func (r *recordedRun) follow(tr *Trajectory) {
	r.Helper()
	tr.evaluation.Source.(*guided).noise = r.normal
	tr.Restart(0, r.init)
	worst, per := 0.0, (r.size+r.stride-1)/r.stride
	if tr.Steps() != r.steps || len(r.states) != per*(r.steps+1) {
		r.Fatalf("%d steps and %d numbers, want %d steps", tr.Steps(), len(r.states), r.steps)
	}
	for i := range r.steps {
		if !tr.Step() {
			r.Fatal(tr.Err())
		}
		if tr.T() != int(r.times[i]) {
			r.Errorf("step %d is at timestep %d, want %d", i+1, tr.T(), r.times[i])
		}
		for j, want := range r.states[(i+1)*per : (i+2)*per] {
			worst = max(worst, math.Abs(tr.X()[j*r.stride]-want))
		}
	}
	r.Logf("%d states of %d numbers, worst %.2g", r.steps, per, worst)
	if !(worst <= lucidBound) {
		r.Errorf("a state differs by %.2g", worst)
	}
}

// TestLucidrainsRun reproduces a run of the network without classes: v, the sigmoid schedule, ε̂
// derived again.
func TestLucidrainsRun(t *testing.T) {
	m, info := lucidrains(t, "lucidrains-unet-basic")
	tr, err := NewTrajectory(mustParse(t, "m=lucid&k=ddim&steps=8"), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	newRecordedRun(t, "lucidrains-unet-basic").follow(tr)
}

// TestLucidrainsGuidedRun reproduces one with classes: guidance without its parallel part, then
// rescaled, and fresh noise.
func TestLucidrainsGuidedRun(t *testing.T) {
	const text = "m=lucid&k=ddim&steps=8&eta=1&g=3&project=1&rescale=0.7&c="
	m, info := lucidrains(t, "lucidrains-cfg-ten")
	label := fixture.Int64s(t, fixture.Weights(t,
		lucidData+"lucidrains-cfg-ten/trace.safetensors.gz"), "class_labels")[0]
	tr, err := NewTrajectory(mustParse(t, text+info.Classes[label]), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	newRecordedRun(t, "lucidrains-cfg-ten").follow(tr)
}

// lucidDDIM is the authors' ddim_sample at their own timesteps, trunc(linspace(−1, T−1, steps+1)),
// which are not those of any spacing here where steps does not divide T.
type lucidDDIM struct {
	plan  *solver.Plan
	start solver.Start
	next  []schedule.Level // after each step
	eta   float64
}

func newLucidDDIM(p *solver.Plan, times []int64, eta float64) *lucidDDIM {
	s := &lucidDDIM{plan: p, eta: eta,
		start: solver.Start{T: float64(times[0]), Scale: 1, Draws: 1}}
	for i, t := range times {
		s.start.Marks = append(s.start.Marks, solver.Mark{T: float64(t), Level: p.At(int(t))})
		after := schedule.LevelOf(1)
		if i+1 < len(times) {
			after = p.At(int(times[i+1]))
		}
		s.next = append(s.next, after)
	}
	return s
}

func (s *lucidDDIM) Start() solver.Start     { return s.start }
func (s *lucidDDIM) Clone(int) solver.Solver { return s }
func (s *lucidDDIM) Step(i int, x []float64, e *solver.Evaluation) {
	from, to := s.start.Marks[i].Level, s.next[i]
	e.See(s.plan, x, s.start.Marks[i])
	ratio := from.Signal / to.Signal
	stdDev := s.eta * to.Noise / from.Noise * math.Sqrt(max(1-ratio*ratio, 0))
	direction := math.Sqrt(max(to.Noise*to.Noise-stdDev*stdDev, 0))
	for j, z := range e.Draw(i, 0) {
		x[j] = to.Signal*e.X0[j] + direction*e.Epsilon[j] + stdDev*z
	}
}

// TestLucidrainsSelfConditionedRun reproduces one of a network that is shown the x̂0 of the step
// before.
func TestLucidrainsSelfConditionedRun(t *testing.T) {
	m, info := lucidrains(t, "lucidrains-unet-selfcond")
	r := newRecordedRun(t, "lucidrains-unet-selfcond")
	tr, err := NewTrajectory(mustParse(t, "m=lucid&k=ddim&steps=8"), info, m, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := newLucidDDIM(tr.course.Plan, r.times, 0.5)
	tr.course.fresh, tr.course.start = s, s.start
	r.follow(tr)
}

// TestLucidrainsGuidance compares the guided prediction with that of forward_with_cond_scale.
func TestLucidrainsGuidance(t *testing.T) {
	m, info := lucidrains(t, "lucidrains-cfg-ten")
	io := fixture.Weights(t, lucidData+"lucidrains-cfg-ten/io.safetensors.gz")
	sample := fixture.Tensor(t, io, "sample").Float64s()
	times, labels := fixture.Int64s(t, io, "timesteps"), fixture.Int64s(t, io, "class_labels")
	size := len(sample) / len(times)
	for name, text := range map[string]string{
		"output_guided3": "g=3&project=1", "output_guided3_plain": "g=3",
		"output_guided6_phi07": "g=6&project=1&rescale=0.7",
	} {
		want, worst, most := fixture.Tensor(t, io, name).Float64s(), 0.0, 1.0
		for i, at := range times {
			s, err := recipe.Resolve(mustParse(t, "m=lucid&"+text+"&c="+info.Classes[labels[i]]),
				info)
			if err != nil {
				t.Fatal(err)
			}
			out := make([]float64, size)
			newGuided(m, &s, schedule.Epsilon, 0).Output(out, sample[i*size:][:size], float64(at),
				schedule.LevelOf(0.5))
			for j, v := range out {
				w := want[i*size+j]
				worst, most = max(worst, math.Abs(v-w)), max(most, math.Abs(w))
			}
		}
		t.Logf("%s: %d numbers, worst %.2g of %.2f", name, len(want), worst, most)
		if !(worst <= 1e-5*most) {
			t.Errorf("%s differs by %.2g of %.2f", name, worst, most)
		}
	}
}
