//! Points on the earth and the way between them.

/// Mean radius of the earth, m (IUGG).
const EARTH_M: f64 = 6_371_008.8;

/// A position, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north, −90 to 90.
    pub latitude: f64,
    /// Degrees east, −180 to 180.
    pub longitude: f64,
}

impl Point {
    /// A position, unless it lies off the earth. The point 0, 0 is refused: devices write it when they know nothing.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        let known = latitude.abs() > 1e-6 || longitude.abs() > 1e-6;
        (on_earth && known).then_some(Self { latitude, longitude })
    }

    /// How far apart, m, along the great circle (haversine).
    pub fn distance_m(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (across, along) = ((b - a) / 2.0, (other.longitude - self.longitude).to_radians() / 2.0);
        let h = across.sin().powi(2) + a.cos() * b.cos() * along.sin().powi(2);
        2.0 * EARTH_M * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::Point;

    #[test]
    fn one_degree_of_latitude_is_111_km_and_the_date_line_is_no_wall() {
        let at = |latitude, longitude| Point::new(latitude, longitude).expect("on earth");
        assert!((at(51.0, 7.0).distance_m(at(52.0, 7.0)) - 111_195.0).abs() < 10.0);
        assert!(at(10.0, 179.999).distance_m(at(10.0, -179.999)) < 300.0);
        assert_eq!((Point::new(91.0, 0.0), Point::new(0.0, 0.0), Point::new(f64::NAN, 1.0)), (None, None, None));
    }
}
