package recipe

import (
	"strconv"
	"strings"

	"tweedie/sampler/solver"
)

// Recipe is the text of one generation, key by key: m=digits&c=7&s=42. It holds what was written, each value in its shortest
// form; a key that was not written is left to the model's file, and if that says nothing, to the standard in the last column.
// Recipes are comparable.
//
//	m         model: its file's name without extension                              digits
//	c         class: name, else index; none; all for picture i of class i mod K     none
//	w         word: picture i shows letter i of it, each the name of a class         no word
//	s         seed, unsigned 64 bits                                                1
//	to        second seed: the pictures' noise goes from that of s to that of to    none
//	n         number of pictures, 1 to 64                                           1; 8 with to; one for each class with c=all
//	k         sampler, see Samplers                                                 ddim
//	steps     solver steps, 1 to the model's T                                      50
//	bsteps    steps of a cascade's first stage                                      steps
//	aug       timestep of the noise on the small picture in its second              the file's
//	g         guidance scale, 0 to 100                                              1.5
//	glow      σ down to which guidance acts; below, the class alone is asked for    0
//	ghigh     σ up to which it acts                                                 no bound
//	rescale   share of the guided prediction given back its spread, 0 to 1          0
//	cg        classifier guidance: scale of ∇ log p(class | x_t), 0 to 100          0
//	classifier  its classifier: the file's name without extension                   the model's, with -classifier
//	eta       added noise of DDIM, ancestral and SDE samplers, 0 to 1               the file's; the sampler's: 0 for DDIM, 1 for most others
//	order     order of the solver, 1 to 4                                           the sampler's: mostly 2
//	solver    form of the solver: midpoint, heun, bh1, bh2, …                       the sampler's
//	spacing   leading, linspace or trailing                                         leading
//	sigmas    noise levels: schedule, karras, exponential, beta, …                  schedule
//	final     noise level after the last step: zero or sigma_min                    the sampler's
//	churn     noise added before the steps, in all, as Karras et al. do, 0 to 1000  0
//	correct   Langevin steps on each level, 0 to 1000                               1 of the pc samplers, 3 of annealed
//	rule      of their size: snr, scaled (by the level's noise squared) or fixed    snr; scaled of annealed and langevin
//	stepsize  of a Langevin step, by its rule                                       snr 0.15, scaled 0.3, fixed 0.001
//	level     σ of k=langevin                                                       0.5
//	clip      bound of x̂0; none; dynamic (thresholding)                             1
//	variance  DDPM's variance: fixed_small, fixed_large, learned_range, …           fixed_small
//	rederive  on: DDIM derives ε̂ anew from the bounded x̂0                           off
//	reading   x0, epsilon, v or score: what the sampler is given of the network          what it was trained to
//	noise     philox; torch for the draws of torch.manual_seed(s+i) in picture i    philox
//	          (also read as rng)
//	image     hash of the picture to begin with, see Inputs                         none
//	mask      hash of the mask that says what of it is made anew                    none
//	strength  share of the steps to take from the picture, above 0 to 1             0.8; 1 with mask or invert
//	resample  times to go over each stretch with a mask (RePaint); 1 replaces only  1
//	jump      steps of such a stretch                                               10, less with few steps
//	invert    class, or none, to go back to noise with instead of adding noise      none added
//	by        what h was made with: the weights' hash and the program's Version      never computed from
//	h         first 16 hexadecimal digits of the pixels' SHA-256                    never computed from
type Recipe struct {
	values [keyCount]string // "" for an absent key; no key may be empty
}

// Error says which key of a recipe is wrong, and what it may be.
type Error = solver.Error

// Field is one key of a recipe with its value.
type Field struct{ Key, Value string }

// maxRecipe bounds the text: several times what the longest sensible one takes.
const maxRecipe = 4096

// ParseRecipe reads a recipe. A leading # is passed over, so that a URL's fragment can be given as it is; the empty text is the
// default recipe. Unknown keys, keys given twice and impossible values are a *Error.
func Parse(text string) (Recipe, error) {
	r := Recipe{}
	r.values[keyModel] = defaultModel
	text = strings.TrimPrefix(text, "#")
	if len(text) > maxRecipe {
		return Recipe{}, solver.Refuse("", "the recipe is "+strconv.Itoa(len(text))+" bytes long; "+strconv.Itoa(maxRecipe)+" are allowed")
	}
	var seen [keyCount]bool
	for text != "" {
		var part string
		part, text, _ = strings.Cut(text, "&")
		if part == "" {
			continue
		}
		k, value, err := parsePart(part)
		if err != nil {
			return Recipe{}, err
		}
		if seen[k] {
			return Recipe{}, solver.Refuse(keys[k].name, "the key "+keys[k].name+" is given twice")
		}
		seen[k] = true
		r.values[k] = value
	}
	return r, nil
}

// parsePart reads key=value.
func parsePart(part string) (key, string, error) {
	name, raw, found := strings.Cut(part, "=")
	if !found {
		return 0, "", solver.Refuse("", strconv.Quote(shorten(part))+" is no key=value")
	}
	name, okName := unescape(name)
	value, okValue := unescape(raw)
	if !okName || !okValue {
		return 0, "", solver.Refuse("", strconv.Quote(shorten(part))+" has a broken % escape")
	}
	k, err := findKey(name)
	if err != nil {
		return 0, "", err
	}
	value, err = keys[k].check(value)
	return k, value, err
}

// String returns the recipe's text: what was written, in the order of the keys, percent-encoded where needed. ParseRecipe of it
// gives the same recipe.
func (r Recipe) String() string {
	var b []byte
	for k, value := range r.values {
		if value == "" {
			continue
		}
		if len(b) > 0 {
			b = append(b, '&')
		}
		b = append(b, keys[k].name...)
		b = append(b, '=')
		b = appendEscaped(b, value)
	}
	return string(b)
}

// Get returns what was written for a key, "" if nothing was or there is no such key.
func (r Recipe) Get(name string) string {
	if k, err := findKey(name); err == nil {
		return r.values[k]
	}
	return ""
}

// Set writes a key; the empty value takes it away. Since h and by belong to all the others, setting any of them takes both away.
func (r *Recipe) Set(name, value string) error {
	k, err := findKey(name)
	if err != nil {
		return err
	}
	if value != "" {
		if value, err = keys[k].check(value); err != nil {
			return err
		}
	} else if k == keyModel {
		value = defaultModel
	}
	if r.values[k] != value && k != keyHash && k != keyOrigin {
		r.values[keyOrigin], r.values[keyHash] = "", ""
	}
	r.values[k] = value
	return nil
}

// Generated returns the recipe without the picture that it begins with, and what goes with one.
func (r Recipe) Generated() Recipe {
	for _, k := range []key{keyImage, keyMask, keyStrength, keyResample, keyJump, keyInvert} {
		r.values[k] = ""
	}
	return r
}
