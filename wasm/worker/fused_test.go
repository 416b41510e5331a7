//go:build !js

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/tools/pack/program"
)

// fused matches a line of the compiler's listing with an instruction that
// multiplies and adds with one rounding, and captures where it comes from:
// FMADDD and its like and VFMLA on arm64, VFMADD231SD and its like on amd64.
var fused = regexp.MustCompile(
	`\(([^()]+\.go):(\d+)\)\t(FN?M(?:ADD|SUB)[SD]|VFML[AS]|VFN?M(?:ADD|SUB)[0-9A-Z]+)\t`)

// TestNothingIsFused compiles what makes the pictures for processors whose
// compilers may turn a·b+c into one instruction with one rounding: then the
// same recipe would give other bytes there. Writing float64(a*b) + c prevents
// it. A line that asks for math.FMA gets the same bits everywhere and may.
func TestNothingIsFused(t *testing.T) {
	// The experiment simd gives files to the kernels alone, and the tag scalar takes
	// them away again, without another build of the standard library.
	builds := [][]string{ownPackages(t), {"-tags=scalar", "tweedie/sampler/kernels"}}
	for _, target := range [][]string{{"GOARCH=arm64"}, {"GOARCH=amd64", "GOAMD64=v3"}} {
		for _, what := range builds {
			env := append([]string{"GOOS=linux", "GOEXPERIMENT=simd"}, target...)
			listing := compilerListing(t, env, what)
			for _, place := range fusedPlaces(t, listing) {
				t.Errorf("%v: %s multiplies and adds in one instruction; write float64(a*b) + c",
					target, place)
			}
		}
	}
}

// ownPackages lists this repository's packages that the worker is made of, and
// those whose results tests fix to the bit.
func ownPackages(t *testing.T) []string {
	t.Helper()
	out, err := program.Go("", nil, "list", "-deps", "../protocol", "tweedie/sampler/langevin",
		"tweedie/sampler/mixture", "tweedie/sampler/lab/experiment")
	if err != nil {
		t.Fatal(err)
	}
	packages := slices.DeleteFunc(strings.Fields(out),
		func(p string) bool { return !strings.HasPrefix(p, "tweedie/") })
	if len(packages) < 5 {
		t.Fatalf("go list names %q only", packages)
	}
	return packages
}

// compilerListing returns the instructions that the compiler makes of packages,
// which flags may come before.
func compilerListing(t *testing.T, env, packages []string) string {
	t.Helper()
	command := exec.Command("go", append([]string{"build", "-gcflags=-S"}, packages...)...)
	command.Env = append(os.Environ(), env...)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", env, err, out[max(0, len(out)-2000):])
	}
	if len(out) < 100_000 {
		t.Fatalf("%v: the compiler's listing has %d bytes only", env, len(out))
	}
	return string(out)
}

// fusedPlaces returns the source lines with a fused instruction that they do not
// ask for, each once.
func fusedPlaces(t *testing.T, listing string) []string {
	t.Helper()
	sources := map[string][]string{}
	var places []string
	for _, m := range fused.FindAllStringSubmatch(listing, -1) {
		name := m[1]
		if _, ok := sources[name]; !ok {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] = strings.Split(string(text), "\n")
		}
		number, err := strconv.Atoi(m[2])
		if err != nil || number > len(sources[name]) {
			t.Fatalf("the listing names line %s of %s", m[2], name)
		}
		if strings.Contains(sources[name][number-1], "math.FMA(") {
			continue
		}
		place := fmt.Sprintf("%s:%d (%s)", filepath.Base(name), number, m[3])
		if !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places
}

// TestFusedPattern tries the pattern on what compilers print.
func TestFusedPattern(t *testing.T) {
	for line, want := range map[string]bool{
		"\t0x006c 00108 (/m/erf.go:27)\tFMSUBD\tF3, F1, F2, F1\n":           true,
		"\t0x0114 00276 (/m/exp.go:63)\tFNMSUBS\tF2, F4, F0, F2\n":          true,
		"\t0x0014 00020 (/m/gemm.go:9)\tVFMLA\tV1.S4, V2.S4, V3.S4\n":       true,
		"\t0x00eb 00235 (/m/pow.go:44)\tVFMADD231SD\tX0, X2, X4\n":          true,
		"\t0x00eb 00235 (/m/pow.go:44)\tVFNMADD231PS\tX0, X2, X4\n":         true,
		"\t0x00eb 00235 (/m/pow.go:44)\tMULSD\tX0, X2\n":                    false,
		"\t0x0068 00104 (/m/exp.go:63)\tFMULD\tF1, F2, F2\n":                false,
		"\t0x0068 00104 (/m/exp.go:63)\tFMOVD\t$f64.3dea39ef35793c76(SB)\n": false,
	} {
		if got := fused.MatchString(line); got != want {
			t.Errorf("%q: got %v, want %v", line, got, want)
		}
	}
}
