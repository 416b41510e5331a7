package unet

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
// kernels, whole batches and items alone: all outputs are the same bits, and
// they are those that every platform gave before (testdata/bits.txt).
func TestSameBits(t *testing.T) {
	var lines []string
	for _, name := range cases(t) {
		n, io := load(t, name, 3, kernels.Best())
		want, in := items(t, n, io)
		n.Forward(want, in)
		h := sha256.New()
		for _, x := range want {
			if err := binary.Write(h, binary.LittleEndian, x); err != nil {
				t.Fatal(err)
			}
		}
		lines = append(lines, hex.EncodeToString(h.Sum(nil))+"  "+name)
		slow, _ := load(t, name, 1, kernels.Reference())
		got, _ := items(t, slow, io)
		for i := range in {
			slow.Forward(got[i:i+1], in[i:i+1])
			for j, w := range want[i] {
				if math.Float32bits(got[i][j]) != math.Float32bits(w) {
					t.Fatalf("%s: item %d element %d: reference %v, %s %v", name, i, j, got[i][j], kernels.Best().Name, w)
				}
			}
		}
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
		t.Errorf("outputs have other bits than %s says; got\n%s", file, now)
	}
}

func TestForwardAllocatesNothing(t *testing.T) {
	n, io := load(t, "cifar10_shape_small", 2, kernels.Best())
	out, in := items(t, n, io)
	if a := testing.AllocsPerRun(3, func() { n.Forward(out, in) }); a != 0 {
		t.Errorf("Forward allocates %v times", a)
	}
}
