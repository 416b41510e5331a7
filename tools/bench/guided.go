package main

import (
	"fmt"
	"slices"
)

// guided times a picture in Chromium, with the page's engine, on one worker and on two, of which
// the second makes a pass of each step where that is faster.
func guided(j job, recipe string) error {
	page, err := inPage(j, recipe)
	if err != nil {
		return err
	}
	fmt.Printf("| `%s`, %d rounds | one worker, ms | two, ms | gain |\n|---|---|---|---|\n", recipe,
		j.Rounds)
	fmt.Printf("| from asking to the hash | %.0f | %.0f | %.2f |\n", median(page.One),
		median(page.Two), gain([2][]float64{page.One, page.Two}))
	fmt.Print(page.steps())
	return nil
}

// steps are lines about the single steps. On a machine that does other things, the fastest tenth of
// them is what was least disturbed.
func (page *onWorkers) steps() string {
	if len(page.Shared) == 0 || len(page.Alone) == 0 {
		return "\nNo step was faster on two workers, or none has two passes.\n"
	}
	text := ""
	for _, of := range []struct {
		name string
		ms   func([]float64) float64
	}{{"a step", median}, {"a step, the fastest tenth", tenth}} {
		one, two := of.ms(page.Alone), of.ms(page.Shared)
		text += fmt.Sprintf("| %s | %.2f | %.2f | %.2f |\n", of.name, one, two, one/two)
	}
	return text + fmt.Sprintf("\nOf the steps with two workers, %d of %d were made by both.\n",
		len(page.Shared), (len(page.Alone)+len(page.Shared))/2)
}

// tenth is the milliseconds below which a tenth of them are.
func tenth(x []float64) float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	return x[len(x)/10]
}
