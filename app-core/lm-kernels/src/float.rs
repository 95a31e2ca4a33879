//! Half-precision conversion, bit-exact and the same on every instruction set.

/// IEEE half (bits) to single. Exact for every value, subnormals and infinities included.
#[inline(always)]
#[must_use]
pub fn f16_to_f32(half: u16) -> f32 {
    // Shift exponent and mantissa into place, then multiply by 2^112 to correct the exponent bias; the
    // multiplication also normalises subnormals.
    const REBIAS: f32 = f32::from_bits(0x7780_0000);
    let sign = u32::from(half & 0x8000) << 16;
    let magnitude = u32::from(half & 0x7FFF);
    let finite = (f32::from_bits(magnitude << 13) * REBIAS).to_bits();
    let special = 0x7F80_0000 | ((magnitude & 0x3FF) << 13);
    f32::from_bits(if magnitude >= 0x7C00 { special } else { finite } | sign)
}

/// Single to IEEE half (bits), rounding to nearest, ties to even; too large becomes infinity.
#[must_use]
pub fn f32_to_f16(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = ((bits >> 16) & 0x8000) as u16;
    let magnitude = bits & 0x7FFF_FFFF;
    if magnitude >= 0x7F80_0000 {
        return sign | 0x7C00 | if magnitude > 0x7F80_0000 { 0x200 } else { 0 };
    }
    if magnitude >= 0x3880_0000 {
        // Normal half: round the 13 bits that fall off; a carry into the exponent is the right answer.
        let rounded = magnitude + 0xFFF + ((magnitude >> 13) & 1);
        let half = (rounded - 0x3800_0000) >> 13;
        return sign | half.min(0x7C00) as u16;
    }
    // Subnormal half: the unit is 2^-24, and adding 0.5 in single precision rounds to it.
    let shifted = f32::from_bits(magnitude) + 0.5;
    sign | (shifted.to_bits() - 0.5_f32.to_bits()) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_survives_the_round_trip() {
        for half in 0..=u16::MAX {
            let single = f16_to_f32(half);
            if single.is_nan() {
                assert!(f16_to_f32(f32_to_f16(single)).is_nan());
            } else {
                assert_eq!(f32_to_f16(single), half, "{half:#06x}");
            }
        }
    }

    #[test]
    fn rounding_is_to_nearest_even() {
        assert_eq!(f32_to_f16(1.0 + 1.0 / 2048.0), 0x3C00);
        assert_eq!(f32_to_f16(1.0 + 3.0 / 2048.0), 0x3C02);
        assert_eq!(f32_to_f16(70_000.0), 0x7C00);
        assert_eq!(f32_to_f16(-1.0), 0xBC00);
    }
}
