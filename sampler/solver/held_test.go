package solver

import (
	"strconv"
	"strings"
	"testing"

	"tweedie/internal/fixture"
	"tweedie/sampler/schedule"
)

// option is one combination of the options that a sampler has for itself.
type option struct{ order, solver, eta, extra string }

// set writes the combination to a sampler's options.
func (o option) set(s *Options) {
	if o.order != "" {
		s.Order, _ = strconv.Atoi(o.order)
	}
	if o.solver != "" {
		s.Solver = o.solver
	}
	if o.eta != "" {
		s.Eta = map[string]float64{"0": 0, "some": 0.5, "1": 1}[o.eta]
	}
	switch o.extra {
	case "none":
		s.Churn = 0
	case "churn":
		s.Churn = 10
	case "":
	default:
		s.Rule = o.extra
	}
}

// optionOf returns the combination that options are.
func optionOf(k *Sampler, s *Options) option {
	o := option{solver: s.Solver}
	if k.Traits.Order[1] > 0 {
		o.order = strconv.Itoa(s.Order)
	}
	if k.Traits.Fresh {
		o.eta = "some"
		if s.Eta == 0 || s.Eta == 1 {
			o.eta = Number(s.Eta)
		}
	}
	switch {
	case k.Traits.Rule != "":
		o.extra = s.Rule
	case k.Traits.Churn && s.Churn > 0:
		o.extra = "churn"
	case k.Traits.Churn:
		o.extra = "none"
	}
	return o
}

// axes returns the values of each option of a sampler.
func axes(k *Sampler) (orders, solvers, etas, extras []string) {
	orders, solvers, etas, extras = []string{""}, []string{""}, []string{""}, []string{""}
	if most := k.Traits.Order[1]; most > 0 {
		orders = nil
		for n := 1; n <= most; n++ {
			if n > 1 || k.Name != "dpm_adaptive" { // which refuses order 1
				orders = append(orders, strconv.Itoa(n))
			}
		}
	}
	if k.Traits.Kinds != nil {
		solvers = k.Traits.Kinds
	}
	if k.Traits.Fresh {
		etas = []string{"0", "some", "1"}
	}
	switch {
	case k.Traits.Rule != "":
		extras = []string{RuleSNR, RuleScaled, RuleFixed}
	case k.Traits.Churn:
		extras = []string{"none", "churn"}
	}
	return orders, solvers, etas, extras
}

// covers lists the combinations of a holding.
func (h *holding) covers() []option {
	orders, solvers, etas, extras := axes(Named(h.k))
	chosen := func(text string, all []string) []string {
		if text == "" {
			return all
		}
		return strings.Fields(text)
	}
	var list []option
	for _, order := range chosen(h.orders, orders) {
		for _, solver := range chosen(h.solvers, solvers) {
			for _, eta := range chosen(h.etas, etas) {
				for _, extra := range chosen(h.extra, extras) {
					list = append(list, option{order, solver, eta, extra})
				}
			}
		}
	}
	return list
}

// TestEveryOptionIsHeld: every combination of options of every sampler has one entry in holdings,
// and the evidence named there exists. What has a recorded run is held by it and by nothing less.
func TestEveryOptionIsHeld(t *testing.T) {
	runs := recordedOptions(t)
	for _, k := range Samplers() {
		held := map[option]evidence{}
		for _, h := range holdings {
			if h.k != k.Name {
				continue
			}
			for _, o := range h.covers() {
				if held[o] != "" {
					t.Errorf("%s %+v is held twice", k.Name, o)
				}
				held[o] = h.by
				if complaint := h.by.check(t, &k, o, runs[k.Name]); complaint != "" {
					t.Errorf("%s %+v: %s", k.Name, o, complaint)
				}
			}
		}
		all := holding{k: k.Name}
		for _, o := range all.covers() {
			switch {
			case held[o] == "":
				t.Errorf("%s %+v: nothing is said of what holds it", k.Name, o)
			case runs[k.Name][o] && held[o] != byRun:
				t.Errorf("%s %+v is held by %q and has a recorded run", k.Name, o, held[o])
			}
			delete(held, o)
		}
		if len(held) > 0 {
			t.Errorf("%s has no options %v", k.Name, held)
		}
	}
}

// recordedOptions returns the combinations that have a recorded run.
func recordedOptions(t *testing.T) map[string]map[option]bool {
	runs := map[string]map[option]bool{}
	add := func(k string, o Options) {
		if runs[k] == nil {
			runs[k] = map[option]bool{}
		}
		runs[k][optionOf(Named(k), &o)] = true
	}
	for _, s := range readSamples(t) {
		k, p, build := s.setup(t)
		if k == "pf_ode" {
			if s.Params.Schedule != "vp" {
				continue // the same steps in another time
			}
			if _, err := build(p); err != nil { // which sets the order
				t.Fatal(err)
			}
		}
		add(k, p.Options)
	}
	_, cases := readRecorded(t)
	for _, r := range cases {
		k := map[string]string{"DDIMScheduler": "ddim", "DDPMScheduler": "ddpm"}[r.Class]
		if k != "" {
			add(k, Options{Eta: r.Kwargs.Eta})
		}
	}
	return runs
}

// check returns what is wrong with the claim that e holds a combination, "" for nothing.
func (e evidence) check(t *testing.T, k *Sampler, o option, runs map[option]bool) string {
	t.Helper()
	switch e {
	case byRun:
		if !runs[o] {
			return "no run is recorded"
		}
	case byOrder:
		if o.eta != "" && o.eta != "0" {
			return "orders are measured without noise"
		}
		for _, c := range orderCases {
			of := strconv.Itoa(c.order)
			if c.k == k.Name && (of == o.order || o.order == "") && c.solver == o.solver {
				return ""
			}
		}
		if k.Name != "ipndm" && k.Name != "pf_ode" { // which have tests for themselves
			return "its order is not measured"
		}
	case byMoments:
		for _, c := range momentCases {
			config := schedule.Default()
			s := Standard(c.k, c.steps, "", &config)
			if c.change != nil {
				c.change(&s)
			}
			if c.k == k.Name && optionOf(k, &s) == o {
				return ""
			}
		}
		return "its moments are not measured"
	case byExactLevels:
		if d, _ := keepsLevels(t, planOfKnown(t, k.Name, o)); !(d <= 1e-13) {
			return "the levels are off by " + Number(d)
		}
	case bySameBits:
		other := o
		other.solver = "midpoint"
		a, b := ran(t, planOfKnown(t, k.Name, o)), ran(t, planOfKnown(t, k.Name, other))
		for i := range a {
			if !fixture.SameBits(a[i], b[i]) {
				return "step " + strconv.Itoa(i+1) + " differs from midpoint's"
			}
		}
	}
	return ""
}

// The table of holdings stands between these lines of sampler/README.md.
const (
	heldFirst = "| k | options | held by |\n|---|---|---|\n"
	heldLast  = "<!-- end of what holds each option -->"
)

// TestREADMENamesWhatHolds: sampler/README.md has holdings as its table.
func TestREADMENamesWhatHolds(t *testing.T) {
	var table strings.Builder
	for i := range holdings {
		table.WriteString(holdings[i].line())
	}
	_, rest, found := strings.Cut(string(fixture.File(t, "../README.md")), heldFirst)
	got, _, ended := strings.Cut(rest, heldLast)
	if !found || !ended {
		t.Fatalf("sampler/README.md lacks the lines around the table:\n%s…%s", heldFirst, heldLast)
	}
	if got != table.String() {
		t.Errorf("sampler/README.md has another table; it should be\n%s", table.String())
	}
}

// line returns the row of README's table.
func (h *holding) line() string {
	var parts []string
	if h.orders != "" {
		parts = append(parts, "order "+strings.ReplaceAll(h.orders, " ", ", "))
	}
	if h.solvers != "" {
		parts = append(parts, h.solvers)
	}
	if h.etas != "" {
		words := strings.NewReplacer("some 1", "above 0", "some", "between 0 and 1", " ", ", ")
		parts = append(parts, "eta "+words.Replace(h.etas))
	}
	switch h.extra {
	case "":
	case "none":
		parts = append(parts, "without churn")
	case "churn":
		parts = append(parts, "with churn")
	default:
		parts = append(parts, "rule "+strings.ReplaceAll(h.extra, " ", ", "))
	}
	options := strings.Join(parts, "; ")
	if options == "" {
		options = "all"
	}
	return "| `" + h.k + "` | " + options + " | " + string(h.by) + " |\n"
}
