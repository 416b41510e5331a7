package classifier

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"strings"
	"testing"

	"tweedie/sampler/kernels"
)

// TestSameBits runs every recorded network on the reference and on the best
// kernels: logits and gradients are the same bits, and they are those that every
// platform gave before (testdata/bits.txt).
func TestSameBits(t *testing.T) {
	var lines []string
	for _, name := range cases(t) {
		fast, io := load(t, name, kernels.Best())
		slow, _ := load(t, name, kernels.Reference())
		h := sha256.New()
		for i, r := range records(t, io, "") {
			want, got := evaluate(slow, r), evaluate(fast, r)
			for j, w := range want {
				if math.Float32bits(got[j]) != math.Float32bits(w) {
					t.Fatalf("%s: item %d element %d: reference %v, %s %v", name, i, j, w, kernels.Best().Name, got[j])
				}
			}
			if err := binary.Write(h, binary.LittleEndian, got); err != nil {
				t.Fatal(err)
			}
		}
		lines = append(lines, hex.EncodeToString(h.Sum(nil))+"  "+name)
	}
	const file = "testdata/bits.txt"
	now := strings.Join(lines, "\n") + "\n"
	if os.Getenv("UPDATE_BITS") != "" {
		if err := os.WriteFile(file, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	then, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if now != string(then) {
		t.Errorf("logits and gradients have other bits than %s says; got\n%s", file, now)
	}
}

// evaluate returns the logits and behind them the gradient.
func evaluate(n *Network, r record) []float32 {
	out := make([]float32, n.Classes+len(r.x))
	n.Forward(out[:n.Classes], r.x, r.t)
	n.Gradient(out[n.Classes:], r.x, r.t, r.class)
	return out
}
