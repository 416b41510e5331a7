package noise

// twister is the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998).
type twister struct {
	state [624]uint32
	used  int // number of words of the state that were used
}

// seed is init_genrand of the authors' code.
func (m *twister) seed(s uint32) {
	for i := range m.state {
		if i > 0 {
			s = 1812433253*(s^s>>30) + uint32(i)
		}
		m.state[i] = s
	}
	m.used = len(m.state)
}

func (m *twister) next() uint32 {
	if m.used == len(m.state) {
		m.refill()
	}
	y := m.state[m.used]
	m.used++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (m *twister) refill() {
	n := len(m.state)
	for i := range m.state {
		y := m.state[i]&(1<<31) | m.state[(i+1)%n]&(1<<31-1)
		m.state[i] = m.state[(i+397)%n] ^ y>>1 ^ (y&1)*0x9908b0df
	}
	m.used = 0
}
