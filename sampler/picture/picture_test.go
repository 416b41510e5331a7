package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/big"
	"testing"
)

// TestRounding walks every boundary between two bytes: the smallest value that becomes b and the
// one just below, which becomes b−1.
func TestRounding(t *testing.T) {
	for b := 1; b <= 255; b++ {
		// (v+1)·127.5 = b − ½ at v = (2b−1)/255 − 1. Its neighbours in float64 may round onto it,
		// so step a little away.
		v := float64(2*b-1)/255 - 1
		if got := quantise(v + 1e-12); got != byte(b) {
			t.Errorf("just above the boundary to %d: %d", b, got)
		}
		if got := quantise(v - 1e-12); got != byte(b-1) {
			t.Errorf("just below the boundary to %d: %d", b, got)
		}
	}
}

// TestLevelsSurvive checks that the 256 values b/127.5 − 1 come back as b, also through float32.
func TestLevelsSurvive(t *testing.T) {
	for b := range 256 {
		v := float64(b)/127.5 - 1
		if got := quantise(v); got != byte(b) {
			t.Errorf("%v is %d, want %d", v, got, b)
		}
		if got := quantise(float64(float32(v))); got != byte(b) {
			t.Errorf("float32 %v is %d, want %d", float32(v), got, b)
		}
	}
}

// TestRoundingAgainstRationals compares with exact arithmetic where the sum v+1 is exact, and
// checks that bytes never fall.
func TestRoundingAgainstRationals(t *testing.T) {
	before := byte(0)
	for i := -1 << 12; i <= 1<<12; i++ {
		v := float64(i) / (1 << 12)
		exact := new(big.Rat).SetFloat64(v)
		exact.Add(exact, big.NewRat(1, 1))
		exact.Mul(exact, big.NewRat(255, 2))
		exact.Add(exact, big.NewRat(1, 2))
		want := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		got := quantise(v)
		if int64(got) != min(want, 255) || got < before {
			t.Fatalf("%v is %d after %d, want %d", v, got, before, want)
		}
		before = got
	}
}

func TestOutsideValues(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want byte
	}{
		{math.NaN(), 0}, {math.Inf(-1), 0}, {math.Inf(1), 255}, {-1e300, 0}, {1e300, 255},
		{-1, 0}, {1, 255}, {0, 128},
		{math.Nextafter(-1, -2), 0}, {math.Nextafter(1, 2), 255}, {math.Nextafter(-1, 0), 0},
		{math.Nextafter(1, 0), 255}, {math.Copysign(0, -1), 128},
	} {
		if got := quantise(c.v); got != c.want {
			t.Errorf("%v is %d, want %d", c.v, got, c.want)
		}
	}
}

func TestPixelsInterleave(t *testing.T) {
	const c, h, w = 3, 2, 2
	x := make([]float64, c*h*w)
	for i := range x {
		x[i] = float64(i*10)/127.5 - 1
	}
	got := make([]byte, c*h*w)
	Pixels(got, x, c, h, w)
	want := []byte{0, 40, 80, 10, 50, 90, 20, 60, 100, 30, 70, 110}
	if !bytes.Equal(got, want) {
		t.Errorf("pixels %v, want %v", got, want)
	}
	if n := testing.AllocsPerRun(5, func() { Pixels(got, x, c, h, w) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	for _, bad := range []func(){func() { Pixels(got[1:], x, c, h, w) },
		func() { Pixels(got, x[1:], c, h, w) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("lengths that do not fit do not panic")
				}
			}()
			bad()
		}()
	}
}

// TestSumAgainstStandardLibrary tries every length through three blocks, cut in two at every place,
// and a long one in odd pieces.
func TestSumAgainstStandardLibrary(t *testing.T) {
	data := make([]byte, 3*64+1)
	for i := range data {
		data[i] = byte(i*i + 7*i)
	}
	for n := range data {
		want := sha256.Sum256(data[:n])
		for cut := range n + 1 {
			if got := Sum(data[:cut], data[cut:n]); got != want {
				t.Fatalf("%d bytes cut at %d: %x, want %x", n, cut, got, want)
			}
		}
	}
	long := bytes.Repeat(data, 50)
	var parts [][]byte
	for rest, n := long, 1; len(rest) > 0; n = n*3%257 + 1 {
		n := min(n, len(rest))
		parts, rest = append(parts, rest[:n], nil), rest[n:]
	}
	want := sha256.Sum256(long)
	if got := Sum(parts...); got != want {
		t.Errorf("in %d parts: %x, want %x", len(parts), got, want)
	}
	if got := Hash(long[:100], long[100:]); got != hex.EncodeToString(want[:8]) {
		t.Errorf("hash %s, want %x", got, want[:8])
	}
	if got := Hex(want[:]); got != hex.EncodeToString(want[:]) {
		t.Errorf("hexadecimal %s, want %x", got, want)
	}
	if got := Sum(); got != sha256.Sum256(nil) {
		t.Errorf("of nothing: %x", got)
	}
}

// TestConstants computes FIPS 180-4's constants from the roots of primes.
func TestConstants(t *testing.T) {
	root := func(p int64, cube bool) uint32 {
		// The largest r with r² ≤ p·2⁶⁴, or r³ ≤ p·2⁹⁶, ends with the 32 bits after the point.
		target := new(big.Int).Lsh(big.NewInt(p), 64)
		power := big.NewInt(2)
		if cube {
			target.Lsh(target, 32)
			power = big.NewInt(3)
		}
		r := new(big.Int)
		for bit := 40; bit >= 0; bit-- {
			r.SetBit(r, bit, 1)
			if new(big.Int).Exp(r, power, nil).Cmp(target) > 0 {
				r.SetBit(r, bit, 0)
			}
		}
		return uint32(r.Uint64())
	}
	prime := int64(1)
	for i := range 64 {
		for prime++; !big.NewInt(prime).ProbablyPrime(0); prime++ {
		}
		if got := constants[i]; got != root(prime, true) {
			t.Errorf("constant %d is %08x, want %08x", i, got, root(prime, true))
		}
		if i < 8 && initial[i] != root(prime, false) {
			t.Errorf("initial %d is %08x, want %08x", i, initial[i], root(prime, false))
		}
	}
}

func TestGrid(t *testing.T) {
	cases := []struct{ n, columns, rows, width, height int }{
		{1, 1, 1, 2, 1}, // no padding around a single one
		{2, 2, 1, 7, 3},
		{3, 2, 2, 7, 5},
		{4, 2, 2, 7, 5},
		{5, 3, 2, 10, 5},
		{10, 4, 3, 13, 7},
		{64, 8, 8, 25, 17},
	}
	for _, c := range cases {
		g := NewGrid(c.n, 0, 2, 1, 1)
		if g.Columns != c.columns || g.Rows != c.rows || g.Width != c.width ||
			g.Height != c.height {
			t.Errorf("%d pictures of 2×1: %+v, want %+v", c.n, g, c)
		}
	}
	if g := NewGrid(7, 5, 2, 1, 1); g.Columns != 5 || g.Rows != 2 {
		t.Errorf("7 pictures in 5 columns: %+v", g)
	}
	g := NewGrid(3, 0, 2, 1, 1)
	dst := make([]byte, g.Width*g.Height)
	g.Draw(dst, [][]byte{{1, 2}, {3, 4}, {5, 6}}, 1, 9)
	want := []byte{
		9, 9, 9, 9, 9, 9, 9,
		9, 1, 2, 9, 3, 4, 9,
		9, 9, 9, 9, 9, 9, 9,
		9, 5, 6, 9, 9, 9, 9,
		9, 9, 9, 9, 9, 9, 9,
	}
	if !bytes.Equal(dst, want) {
		t.Errorf("grid %v, want %v", dst, want)
	}
	colour := NewGrid(1, 0, 1, 1, 5)
	rgb := make([]byte, 3)
	if colour.Draw(rgb, [][]byte{{7, 8, 9}}, 3, 0); !bytes.Equal(rgb, []byte{7, 8, 9}) {
		t.Errorf("one pixel of three channels: %v", rgb)
	}
}

func TestEnlarge(t *testing.T) {
	got := Enlarge([]byte{1, 2, 3, 4}, 1, 2, 2, 2)
	if want := []byte{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}; !bytes.Equal(got, want) {
		t.Errorf("grey: %v, want %v", got, want)
	}
	got = Enlarge([]byte{1, 2, 3, 4, 5, 6}, 3, 1, 2, 3)
	want := bytes.Repeat([]byte{1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6}, 3)
	if !bytes.Equal(got, want) {
		t.Errorf("colour: %v, want %v", got, want)
	}
	if got := Enlarge([]byte{5}, 1, 1, 1, 1); !bytes.Equal(got, []byte{5}) {
		t.Errorf("by one: %v", got)
	}
}

// TestLatents: the channels of a latent are drawn side by side, three times as
// far, and their pixels become the same state.
func TestLatents(t *testing.T) {
	for c, want := range map[int][3]int{1: {1, 2, 3}, 2: {2, 2, 3}, 3: {3, 2, 3},
		4: {1, 2, 12}, 16: {1, 2, 48}} {
		var got [3]int
		if got[0], got[1], got[2] = Drawn(c, 2, 3); got != want {
			t.Errorf("%d channels of 2×3 are drawn as %v, want %v", c, got, want)
		}
	}
	const c, h, w = 4, 2, 2
	x := make([]float64, c*h*w)
	for i := range x {
		x[i] = 3 * (float64(i*10)/127.5 - 1)
	}
	got := make([]byte, len(x))
	Pixels(got, x, c, h, w)
	want := []byte{0, 10, 40, 50, 80, 90, 120, 130, 20, 30, 60, 70, 100, 110, 140, 150}
	if !bytes.Equal(got, want) {
		t.Errorf("pixels %v, want %v", got, want)
	}
	back := make([]float64, len(x))
	Values(back, got, c, h, w)
	for i, v := range back {
		if math.Abs(v-x[i]) > 1e-12 {
			t.Errorf("value %d comes back as %v, and was %v", i, v, x[i])
		}
	}
	Signed(got, x, c, h, w, 6)
	if got[0] != 64 { // −3 of −6
		t.Errorf("half of the least is %d, want 64", got[0])
	}
}
