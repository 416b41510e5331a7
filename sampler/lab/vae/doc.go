// Package vae trains variational autoencoders of points of the plane, or of pictures: one level of
// latents (Kingma and Welling, arXiv:1312.6114; Luo, §2) or a Markovian hierarchy of two or three
// (Luo, §3).
//
// Latents are points of the plane in any case, so every level can be shown. Encoders
// q(z_t|z_{t−1}) have a mean and a variance that networks give for each point; decoders
// p(z_{t−1}|z_t) have a mean that a network gives, and one learned variance for each level. z_0 is
// the data's point, and p(z_T) = N(0, I). What is maximised is the bound: reconstruction minus the
// divergence at each level. Pictures have one level of latents, an encoder whose variance is the
// same along both axes, and a decoder of Bernoulli variables, see pictures.go.
package vae
