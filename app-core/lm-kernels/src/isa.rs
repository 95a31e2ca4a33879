//! Which instruction set the kernels run on, chosen once when a model is opened and passed to every call.

/// An instruction set for which kernels exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isa {
    /// Plain Rust; runs everywhere and defines what is right.
    Scalar,
    /// x86-64 with AVX2, FMA and F16C. A caller that builds this value by hand on another machine gets the scalar path.
    Avx2,
    /// 64-bit ARM; without the dot-product instruction.
    Neon,
    /// 64-bit ARM with it (most cores since 2018).
    NeonDot,
}

impl Isa {
    /// The best set this machine has.
    #[must_use]
    pub fn detect() -> Self {
        let best = [Self::Avx2, Self::NeonDot, Self::Neon].into_iter().find(|isa| isa.is_available());
        best.unwrap_or(Self::Scalar)
    }

    /// Whether this machine can run it (the standard library caches the answer).
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                // Every processor with AVX2 has the other two; asked for all the same.
                std::arch::is_x86_feature_detected!("avx2")
                    && std::arch::is_x86_feature_detected!("fma")
                    && std::arch::is_x86_feature_detected!("f16c")
            }
            #[cfg(target_arch = "aarch64")]
            Self::Neon => std::arch::is_aarch64_feature_detected!("neon"),
            #[cfg(target_arch = "aarch64")]
            Self::NeonDot => Self::Neon.is_available() && std::arch::is_aarch64_feature_detected!("dotprod"),
            #[allow(unreachable_patterns, reason = "the sets of the other machines")]
            _ => false,
        }
    }

    /// Every set this machine can run, scalar first: what the equality tests go through.
    #[must_use]
    pub fn available() -> Vec<Self> {
        [Self::Scalar, Self::Avx2, Self::Neon, Self::NeonDot].into_iter().filter(|isa| isa.is_available()).collect()
    }
}
