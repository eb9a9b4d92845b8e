//! Servers in processes of their own, killed in the middle of their work.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{EmbeddedOptions, EmbeddedPostgres, Folder, connect, postmaster, rows, wait_until};

/// Tells the test binary, started again, to be a server on this folder.
const SERVE: &str = "EMBEDDED_POSTGRES_TEST_FOLDER";

/// Not a test: what [`start_server`] runs in a process of its own, which gets killed.
#[tokio::test]
async fn server_process() {
    let Some(folder) = env::var_os(SERVE).map(PathBuf::from) else {
        return;
    };
    let options = EmbeddedOptions { system_dir: folder.join("system"), ..EmbeddedOptions::default() };
    let postgres = EmbeddedPostgres::start(&folder.join("data"), options).await.unwrap();
    let mut connection = connect(&postgres.connect_options()).await;
    let table = "CREATE TABLE IF NOT EXISTS kept (n bigint GENERATED ALWAYS AS IDENTITY)";
    sqlx::query(table).execute(&mut connection).await.unwrap();
    println!("\ncluster {}", postgres.data_dir().display());
    loop {
        let row = sqlx::query("INSERT INTO kept DEFAULT VALUES");
        row.execute(&mut connection).await.unwrap();
        println!("acknowledged");
    }
}

/// Starts a server process and returns when it has acknowledged some rows.
fn start_server(folder: &Folder) -> (Child, BufReader<ChildStdout>, PathBuf) {
    let (_, module) = module_path!().split_once("::").unwrap();
    let mut server = Command::new(env::current_exe().unwrap());
    server.args(["--exact", "--nocapture", &format!("{module}::server_process")]);
    server.env(SERVE, &folder.0).stdout(Stdio::piped());
    let mut server = server.spawn().unwrap();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let mut cluster = None;
    let mut acknowledged = 0;
    while acknowledged < 20 {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "the server ended");
        match line.trim_end().split_once("cluster ") {
            Some((_, path)) => cluster = Some(PathBuf::from(path)),
            None => acknowledged += i64::from(line.trim_end() == "acknowledged"),
        }
    }
    (server, output, cluster.expect("the server says where its data is"))
}

/// The process without which a postmaster cannot shut down.
fn checkpointer_of(postmaster: Pid) -> Pid {
    let processes = Command::new("ps").args(["-A", "-ww", "-o", "pid=,ppid=,command="]).output().expect("ps runs");
    let processes = String::from_utf8(processes.stdout).unwrap();
    let pid = processes.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let (pid, parent) = (words.next()?, words.next()?);
        let is_it = parent == postmaster.to_string() && line.contains("checkpointer");
        is_it.then(|| pid.parse().unwrap())
    });
    Pid::from_raw(pid.expect("a checkpointer"))
}

/// Kills the server process and returns how many more rows it had acknowledged.
fn kill_server(mut server: Child, output: BufReader<ChildStdout>) -> i64 {
    server.kill().unwrap();
    server.wait().unwrap();
    let lines = output.lines().map_while(Result::ok);
    i64::try_from(lines.filter(|line| line == "acknowledged").count()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_9() {
    let folder = Folder::new();

    // The server alone: PostgreSQL follows it by itself where the kernel can see to it.
    let (server, output, cluster) = start_server(&folder);
    let orphan = postmaster(&cluster);
    let mut acknowledged = 20 + kill_server(server, output);
    if cfg!(target_os = "linux") {
        wait_until("the orphan's end", async || kill(orphan, None).is_err()).await;
    }

    // Server and PostgreSQL at once, and the next start comes at once.
    let (server, output, cluster) = start_server(&folder);
    kill(postmaster(&cluster), Signal::SIGKILL).unwrap();
    acknowledged += 20 + kill_server(server, output);

    // The server alone again, with a PostgreSQL that cannot follow at once.
    let (server, output, cluster) = start_server(&folder);
    let orphan = postmaster(&cluster);
    let checkpointer = checkpointer_of(orphan);
    kill(checkpointer, Signal::SIGSTOP).unwrap();
    acknowledged += 20 + kill_server(server, output);
    let woken = Instant::now() + Duration::from_millis(500);
    let wake_up = tokio::spawn(async move {
        tokio::time::sleep_until(woken.into()).await;
        kill(checkpointer, Signal::SIGCONT).unwrap();
    });
    let postgres = folder.started().await;
    assert!(Instant::now() > woken, "two postmasters on one cluster");
    wake_up.await.unwrap();
    wait_until("the orphan's end", async || kill(orphan, None).is_err()).await;
    let found = rows(&postgres).await;
    assert!(found >= acknowledged, "{found} rows of {acknowledged}");
    postgres.stop().await;
}
