package main

import "math"

// gaussian is the mean and the covariance of features.
type gaussian struct {
	mean       []float64   // [D]
	covariance [][]float64 // [D][D], with 1e-6 on the diagonal
}

func fit(x [][]float64) gaussian {
	d := len(x[0])
	g := gaussian{mean: make([]float64, d), covariance: square(d)}
	for _, row := range x {
		for k, v := range row {
			g.mean[k] += v / float64(len(x))
		}
	}
	for _, row := range x {
		for i := range d {
			a := (row[i] - g.mean[i]) / float64(len(x)-1)
			for k := range i + 1 {
				g.covariance[i][k] += float64(a * (row[k] - g.mean[k]))
			}
		}
	}
	for i := range d {
		g.covariance[i][i] += 1e-6
		for k := range i {
			g.covariance[k][i] = g.covariance[i][k]
		}
	}
	return g
}

// distance returns the Fréchet distance of two Gaussians (Dowson and Landau, 1982).
func distance(a, b gaussian) float64 {
	sum := 0.0
	for k := range a.mean {
		sum += float64((a.mean[k]-b.mean[k])*(a.mean[k]-b.mean[k])) + a.covariance[k][k] +
			b.covariance[k][k]
	}
	// The root of a's covariance, and the eigenvalues of root · b · root.
	values, vectors := eigen(a.covariance)
	d := len(values)
	root := square(d)
	for i := range d {
		for k := range d {
			for l, v := range values {
				root[i][k] += float64(vectors[i][l] * math.Sqrt(max(v, 0)) * vectors[k][l])
			}
		}
	}
	both, _ := eigen(product(product(root, b.covariance), root))
	for _, v := range both {
		sum -= 2 * math.Sqrt(max(v, 0))
	}
	return sum
}

func square(d int) [][]float64 {
	m := make([][]float64, d)
	for i := range m {
		m[i] = make([]float64, d)
	}
	return m
}

func product(a, b [][]float64) [][]float64 {
	m := square(len(a))
	for i := range a {
		for k := range b {
			for j := range b {
				m[i][j] += float64(a[i][k] * b[k][j])
			}
		}
	}
	return m
}

// eigen returns the eigenvalues of a symmetric matrix and its eigenvectors, as columns, by Jacobi's
// rotations (Golub and Van Loan, Matrix Computations, section 8.5).
func eigen(symmetric [][]float64) (values []float64, vectors [][]float64) {
	d := len(symmetric)
	a, v := square(d), square(d)
	for i := range d {
		copy(a[i], symmetric[i])
		v[i][i] = 1
	}
	for range 60 { // sweeps; ten are enough
		off, all := 0.0, 0.0
		for i := range d {
			for k := range d {
				all += float64(a[i][k] * a[i][k])
				if i != k {
					off += float64(a[i][k] * a[i][k])
				}
			}
		}
		if off <= 1e-26*all {
			break
		}
		for p := range d {
			for q := p + 1; q < d; q++ {
				rotate(a, v, p, q)
			}
		}
	}
	for i := range d {
		values = append(values, a[i][i])
	}
	return values, v
}

// rotate makes a[p][q] zero.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	tau := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(tau) + math.Sqrt(1+float64(tau*tau)))
	if tau < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(1+float64(t*t))
	s := t * c
	for k := range a {
		x, y := a[k][p], a[k][q]
		a[k][p], a[k][q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range a {
		x, y := a[p][k], a[q][k]
		a[p][k], a[q][k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
		x, y = v[k][p], v[k][q]
		v[k][p], v[k][q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}
