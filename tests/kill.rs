//! `kill -9` of server and database in the middle of orders: every acknowledged order is there again.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A running server; killed with the test.
struct Server {
    child: Child,
    port: u16,
    data: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> Command {
    let path = ["NEXTEST_BIN_EXE_dashboard-fb", "CARGO_BIN_EXE_dashboard-fb"].into_iter().find_map(std::env::var_os);
    let mut command = Command::new(path.expect("the test runner names the server's binary"));
    // The test's own PostgreSQL must not be taken for the server's.
    command.env_remove("DATABASE_URL").env("RUST_LOG", "warn").stdin(Stdio::null());
    command
}

impl Server {
    fn start(data: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = binary()
            .args(["serve", "--demo", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(data)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, port, data: data.to_owned() };
        let start = Instant::now();
        while server.get("/readyz", None).is_none() {
            assert!(server.child.try_wait().unwrap().is_none(), "the server ended at its start");
            assert!(start.elapsed() < Duration::from_secs(180), "the server is not ready");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn get(&self, path: &str, token: Option<&str>) -> Option<String> {
        let mut request = ureq::get(self.url(path));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.call().ok()?.body_mut().read_to_string().ok()
    }

    fn login(&self) -> String {
        let body = json!({"email": "admin@example.com", "password": "admin123"});
        let answer: Value =
            ureq::post(self.url("/api/v1/auth/login")).send_json(body).unwrap().body_mut().read_json().unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Both at once, as a power cut would.
    fn kill_with_database(mut self) {
        let pid_file = self.data.join("postgres/cluster/postmaster.pid");
        let postmaster = std::fs::read_to_string(pid_file).unwrap().lines().next().unwrap().to_owned();
        let killed = Command::new("kill").args(["-9", &self.child.id().to_string(), &postmaster]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap();
    }

    fn stop(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "an orderly stop");
    }
}

/// Sends orders until the server is gone; gives those that it acknowledged.
fn order_until_gone(url: &str, token: &str, product: i64, stop: &AtomicBool, seen: &Mutex<Vec<(i64, String)>>) {
    for i in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let body = json!({"client_nom": format!("Client {i}"), "confirmer": i % 2 == 0, "items": [{"product_id": product, "quantity": 1}]});
        let answer = ureq::post(url).header("authorization", format!("Bearer {token}")).send_json(body);
        let Ok(mut answer) = answer else { return };
        let Ok(order) = answer.body_mut().read_json::<Value>() else { return };
        seen.lock().unwrap().push((order["id"].as_i64().unwrap(), order["statut"].as_str().unwrap().to_owned()));
    }
}

#[test]
fn every_acknowledged_order_survives_kill_minus_nine() {
    let mut random = [0; 6];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut random).unwrap();
    let data = std::env::temp_dir().join(format!("dashboard-fb-kill-{}", random.map(|b| format!("{b:02x}")).concat()));
    let mut acknowledged = Vec::new();
    for round in 0..2 {
        let server = Server::start(&data);
        let token = server.login();
        let product =
            json!({"nom": format!("Produit {round}"), "prix": 10, "category_id": 1, "stock_initial": 100_000});
        let product: Value = ureq::post(server.url("/api/v1/products"))
            .header("authorization", format!("Bearer {token}"))
            .send_json(product)
            .unwrap()
            .body_mut()
            .read_json()
            .unwrap();
        let product = product["id"].as_i64().unwrap();
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let (url, token, stop, seen) =
                    (server.url("/api/v1/orders"), token.clone(), stop.clone(), seen.clone());
                std::thread::spawn(move || order_until_gone(&url, &token, product, &stop, &seen))
            })
            .collect();
        let start = Instant::now();
        while seen.lock().unwrap().len() < 40 {
            assert!(start.elapsed() < Duration::from_secs(120), "orders go through");
            std::thread::sleep(Duration::from_millis(5));
        }
        server.kill_with_database();
        stop.store(true, Ordering::Relaxed);
        for sender in senders {
            sender.join().unwrap();
        }
        acknowledged.append(&mut seen.lock().unwrap());
    }

    let server = Server::start(&data);
    let token = server.login();
    for (id, statut) in &acknowledged {
        let order =
            server.get(&format!("/api/v1/orders/{id}"), Some(&token)).unwrap_or_else(|| panic!("order {id} is lost"));
        let order: Value = serde_json::from_str(&order).unwrap();
        assert_eq!(order["statut"].as_str(), Some(statut.as_str()), "order {id}");
    }
    server.stop();
    let verified = binary().args(["verify", "--data-dir"]).arg(&data).output().unwrap();
    assert!(
        verified.status.success(),
        "{}{}",
        String::from_utf8_lossy(&verified.stdout),
        String::from_utf8_lossy(&verified.stderr)
    );
    let _ = std::fs::remove_dir_all(&data);
}
