//! Where something is: degrees, both or none.

use super::Fields;
use super::fields::Sent;

/// A point on the map, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// North, -90…90.
    pub latitude: f64,
    /// East, -180…180.
    pub longitude: f64,
}

impl Place {
    /// From what is stored.
    pub fn of(latitude: Option<f64>, longitude: Option<f64>) -> Option<Self> {
        Some(Self { latitude: latitude?, longitude: longitude? })
    }
}

impl Fields {
    /// `latitude` and `longitude`: one without the other is refused.
    pub fn place(&mut self) -> Sent<Place> {
        let latitude = self.number("latitude", -90.0, 90.0);
        let longitude = self.number("longitude", -180.0, 180.0);
        match (latitude, longitude) {
            (Sent::Value(latitude), Sent::Value(longitude)) => Sent::Value(Place { latitude, longitude }),
            (Sent::Absent, Sent::Absent) => Sent::Absent,
            (Sent::Value(_), _) => {
                self.refuse("longitude", "obligatoire", "Avec une latitude il faut une longitude.");
                Sent::Absent
            }
            (_, Sent::Value(_)) => {
                self.refuse("latitude", "obligatoire", "Avec une longitude il faut une latitude.");
                Sent::Absent
            }
            _ => Sent::Null,
        }
    }
}
