package recipe

import (
	"strconv"
	"strings"
)

// Version is the version of the pixels. Programs of one version give the same pixels for the same
// recipe and weights. It is raised when a change is meant to change pixels:
//
//   - 2: PNDM and PLMS remember v where the network predicts it, and PNDM's first steps end at
//     listed timesteps; third order of dpmpp_2m_sde; timesteps of Karras' levels with dpm2 and, on
//     a cosine schedule, with the singlestep solvers, unipc, deis and sa; order of the singlestep
//     solvers' last step.
//   - 3: networks whose 3×3 kernels are above a ceiling have F(2×2) up to 256 pixels
//     (layers.TileFor).
const Version = 3

// hashDigits is the number of digits of the weights' hash in the key by.
const hashDigits = 8

// Origin returns the value of the key by for pictures that this program makes with this model: the
// first digits of the weights' hash, and Version.
func (info Info) Origin() string {
	return info.Hash[:min(hashDigits, len(info.Hash))] + "." + strconv.Itoa(Version)
}

// originText checks a value of the key by.
func originText(s string) (string, bool) {
	hash, version, _ := strings.Cut(lowered(s), ".")
	number := row{kind: Whole, min: 1, max: maxSteps}
	n, ok := number.shortest(version)
	if len(hash) != hashDigits || !ok {
		return "", false
	}
	for i := range len(hash) {
		if hexValue(hash[i]) < 0 {
			return "", false
		}
	}
	return hash + "." + n, true
}

// Cause says why the hash of pixels differs from the hash in the recipe.
type Cause string

const (
	CauseNone    Cause = ""        // it does not differ, or the recipe has no hash
	CauseUnknown Cause = "unknown" // the recipe does not say what its hash was made with
	CauseWeights Cause = "weights" // its hash was made with other weights
	CauseVersion Cause = "version" // its hash was made by another version of the program
	// its hash was made with these weights and this version, so the recipe or the hash was changed
	CausePromise Cause = "promise"
)

// Differs compares the hash of the pixels, hexadecimal, with the hash in the recipe.
func (s *Settings) Differs(info Info, hash string) Cause {
	origin, version, _ := strings.Cut(s.Origin, ".")
	switch {
	case s.Hash == "" || strings.HasPrefix(hash, s.Hash):
		return CauseNone
	case s.Origin == "":
		return CauseUnknown
	case !strings.HasPrefix(info.Hash, origin):
		return CauseWeights
	case version != strconv.Itoa(Version):
		return CauseVersion
	}
	return CausePromise
}
