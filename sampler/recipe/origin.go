package recipe

import (
	"strconv"
	"strings"
)

// Version numbers what recipes come to. Programs of one version give the same pixels for the same
// recipe and weights; it grows when a change is meant to change pixels.
const Version = 1

// hashDigits is how much of the weights' hash the key by holds.
const hashDigits = 8

// Origin is the value of the key by for pictures that are made here and now: the beginning of the
// hash of the weights, and the program's version.
func (info Info) Origin() string {
	return info.Hash[:min(hashDigits, len(info.Hash))] + "." + strconv.Itoa(Version)
}

// originText reads the key by.
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

// Cause is why pixels with a hash are not the ones that the settings promise.
type Cause string

const (
	CauseNone    Cause = ""        // they are, or nothing was promised
	CauseUnknown Cause = "unknown" // the recipe does not say with what they were made
	CauseWeights Cause = "weights" // with other weights
	CauseVersion Cause = "version" // by another version of the program
	// with these weights and this version, so that the recipe or its hash was changed
	CausePromise Cause = "promise"
)

// Differs compares the hash of the pixels, hexadecimal, with what the recipe promised.
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
