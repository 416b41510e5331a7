package solver

import (
	"testing"

	"tweedie/sampler/schedule"
)

// TestTablesGrowWithTheSteps: a step of a long run has no more rows than a step of a short run,
// because at most four outputs count. The outputs of PNDM's first steps that count are more
// evaluations ago than that.
func TestTablesGrowWithTheSteps(t *testing.T) {
	c := schedule.Default()
	c.TimestepSpacing = schedule.Trailing
	for _, k := range Samplers() {
		steps := c.NumTrainTimesteps
		if k.Name == "lcm" || k.Name == "tcd" {
			steps = c.Solver.OriginalSteps
		}
		built, err := planFor(t, k.Name, steps, c, nil).Build()
		if err != nil {
			t.Errorf("%s in %d steps: %v", k.Name, steps, err)
			continue
		}
		table, ok := built.(*tableau)
		if !ok {
			continue
		}
		rows, terms := 0, 0
		for _, s := range table.stages {
			for _, r := range append(s.rows, s.correct...) {
				rows, terms = rows+1, terms+len(r.terms)
			}
		}
		if most := 10 * len(table.stages); rows > most+100 || terms > 4*most {
			t.Errorf("%s in %d steps: %d rows and %d terms in %d stages", k.Name, steps, rows,
				terms, len(table.stages))
		}
	}
}
