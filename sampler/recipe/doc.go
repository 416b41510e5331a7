// Package recipe turns the text of a recipe into settings. A Recipe holds the keys that were
// written. Resolve reads it together with what a model's file says (Info) and returns Settings, in
// which every value is known. The package runs nothing.
//
// The keys, with the default in brackets, which a model's file may replace:
//
//	m           model: a file of weights/, without its extension [digits]
//	c           class by name or index, none, or all for one picture of each [none]
//	w           word in place of a class: one picture for each letter, in a row
//	s           seed of the noise, 64 bits [1]
//	to          second seed: the pictures go from one to the other
//	plane       seeds of the other corners of a plane, two or three, as in 5,9,12: a grid of
//	            pictures
//	at          place in the plane, as in 0.25,0.5: right of the corner s, below it
//	n           number of pictures, 1 to 64
//	            [1; 8 with to, 16 with plane; one for each class with c=all]
//	k           sampler: ddim, ddpm, euler, dpmpp_2m and about thirty more [ddim]
//	steps       solver steps [50]
//	bsteps      steps of a cascade's first stage [steps]
//	aug         timestep of the noise on the small picture of a cascade's second stage
//	            [the file's]
//	g           guidance scale: 0 without the class, 1 with it, more is stronger, 0 to 100 [1.5]
//	glow        guidance acts only above this noise level σ; at it and below the scale is 1 [0]
//	ghigh       guidance acts up to this noise level σ [no limit]
//	project     share of guidance along the prediction with the class that is left out (projected
//	            guidance), 0 to 1 [0]
//	rescale     share of the prediction's spread that guidance must keep, 0 to 1 [0]
//	cg          classifier guidance: scale of ∇ log p(class | x_t); with g=0 alone, 0 to 100 [0]
//	classifier  classifier for cg: a file of weights/ [the model's name with -classifier]
//	eta         noise added by DDIM, ancestral and SDE samplers, 0 to 1
//	            [0 of DDIM, 1 of most others]
//	order       order of the solver, 1 to 4 [the sampler's, mostly 2]
//	solver      form of the solver: midpoint, heun, bh1, bh2, … [the sampler's]
//	spacing     spacing of the timesteps: leading, linspace or trailing [leading]
//	sigmas      noise levels: schedule, karras, exponential, beta, … [schedule]
//	final       noise level after the last step: zero or sigma_min [the sampler's]
//	churn       noise added before the steps, in all (Karras et al.), 0 to 1000 [0]
//	correct     Langevin steps on each noise level (annealed, vp_pc, ve_pc), 0 to 1000
//	            [3 of annealed, else 1]
//	rule        rule for the size of Langevin steps: snr, scaled (by the level's noise squared) or
//	            fixed [the sampler's]
//	stepsize    size of a Langevin step, by its rule [0.15, 0.3 or 0.001 by the rule]
//	level       noise level σ of the sampler langevin [0.5]
//	clip        bound of x̂0, none, or dynamic (thresholding) [1]
//	variance    DDPM's variance: fixed_small, fixed_large, learned_range, … [fixed_small]
//	rederive    on: DDIM derives ε̂ again from the bounded x̂0 [off]
//	reading     reading of the network's output that the sampler gets: x0, epsilon, v or score
//	            [what it was trained to]
//	cache       how many evaluations in a row share the deep features of the first; more are
//	            faster and less exact (DeepCache), 1 to 100 [1]
//	noise       torch draws what torch.manual_seed(s+i) draws for picture i; also read as rng
//	            [philox]
//	image       hash of a picture to begin with
//	mask        hash of a mask: white parts are drawn again
//	strength    share of the steps that is taken from the picture, above 0 to 1
//	            [0.8; 1 with mask or invert]
//	resample    times to go over each stretch of steps with a mask (RePaint), 1 to 100 [1]
//	jump        number of steps in a stretch that resample repeats, 1 to 1000
//	            [10, less with few steps]
//	invert      the picture's class, or none: the picture is turned into noise, and the noise into
//	            a picture of class c
//	fork        changes on the way, as in 12,c:8,g:3: after 12 steps the run goes on with them, or
//	            with new noise (fresh:5) or paint; ~ comes before a later fork
//	by          what h was made with: the weights' hash and the program's version
//	h           hash of the pixels; nothing is computed from it
//
// (made from the table in keys.go)
package recipe
