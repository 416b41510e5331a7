package sampler

import (
	"encoding/binary"
	"math"
	"testing"

	"tweedie/sampler/picture"
	"tweedie/sampler/schedule"
)

// TestGoldenStates fixes every bit of the final states of the test recipes, by their hash. Natively
// on amd64 and arm64 and in wasm they must be these; a change here breaks the links that people
// have shared.
func TestGoldenStates(t *testing.T) {
	want := []string{
		"9b79084dd319138f", "54c661637c602264", "c667fb7d6628bfc2", "1b2e36d5754c3da5",
		"ca4fb0cb1d5bfb09", "523262e7a70070df", "c10ee05512e49bd6", "eae6f36a58e8e534",
		"71944d667a5e5732", "f43f12b53eaae0d1", "64fadffaa73aa75d", "c1645015954dffef",
		"8e1d1b3a60f8e4c3", "0d4570df6c0e8266", "aad53da823a0d5c1", "3c21c2e9b3fd4575",
	}
	for _, family := range []string{"linear", "squaredcos_cap_v2"} {
		c := schedule.Default()
		c.BetaSchedule = family
		model, info := testModel(t, c)
		for i, text := range recipes {
			var bits []byte
			for _, v := range last(mustRun(t, text, model, info)) {
				bits = binary.LittleEndian.AppendUint64(bits, math.Float64bits(v))
			}
			if family != "linear" {
				i += len(recipes)
			}
			if got := picture.Hash(bits); got != want[i] {
				t.Errorf("%s with %s: state %s, want %s", text, family, got, want[i])
			}
		}
	}
}
