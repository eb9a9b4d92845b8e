//! The command line: `serve` (default), `migrate`, `seed`, `create-admin`, `verify`, `erase-person`, `openapi`.

fn main() -> std::process::ExitCode {
    dashboard_fb::server::commands::main()
}
