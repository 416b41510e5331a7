package browser

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// stormFrom reads a number from the environment.
func stormFrom(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// Whatever a person in haste does with the menu of models and the browser's
// history, the page becomes calm, and shows one model in all its parts. It lasts
// 20 seconds, or TWEEDIE_STORM, and begins with TWEEDIE_SEED.
func TestModelStorm(t *testing.T) {
	t.Parallel()
	seconds, seed := stormFrom(t, "TWEEDIE_STORM", 20), stormFrom(t, "TWEEDIE_SEED", 1)
	w := newTab(t, newSite(t))
	w.open("#m=digits-small&steps=2")
	w.waitState("done")
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	for ; time.Now().Before(end); seed++ {
		if wrong := eval[string](w, call("model-storm.js", seed, 3+seed%9)); wrong != "" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
	}
	t.Logf("the next seed is %d", seed)
}
