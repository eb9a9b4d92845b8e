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
                self.needed("longitude", "Avec une latitude il faut une longitude.");
                Sent::Absent
            }
            (_, Sent::Value(_)) => {
                self.needed("latitude", "Avec une longitude il faut une latitude.");
                Sent::Absent
            }
            _ => Sent::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(body: Value) -> Vec<(String, String)> {
        let mut fields = Fields::of_body(body).expect("an object");
        fields.place();
        let errors = fields.finish().expect_err("faults").errors;
        errors.into_iter().map(|error| (error.champ, error.code)).collect()
    }

    #[test]
    fn a_degree_that_is_wrong_is_not_missing_too() {
        let one = |champ: &str, code: &str| vec![(champ.to_owned(), code.to_owned())];
        assert_eq!(faults(json!({"latitude": "x", "longitude": 2})), one("latitude", "nombre_attendu"));
        assert_eq!(faults(json!({"latitude": 47, "longitude": 181})), one("longitude", "hors_limites"));
        assert_eq!(faults(json!({"latitude": 47})), one("longitude", "obligatoire"));
        assert_eq!(faults(json!({"latitude": null, "longitude": 2})), one("latitude", "obligatoire"));
    }
}
