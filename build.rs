//! The one place where the contract in `proto/` becomes Rust.
//!
//! Beside messages, clients and servers it writes, from the `access` option of every method, what
//! the RPC demands of its caller. A method without that option fails the build.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost_reflect::{DescriptorPool, MethodDescriptor};

type Failure = Box<dyn std::error::Error>;

/// Messages that carry a secret: their `Debug` is written by hand in `proto/lib.rs`.
const SECRET_BEARING: [&str; 17] = [
    "varco.v1.CreateServiceAccountResponse",
    "varco.v1.CreateSecretResponse",
    "varco.v1.IssueServiceTokenRequest",
    "varco.v1.IssueServiceTokenResponse",
    "varco.v1.IntrospectTokenRequest",
    "varco.v1.ActivateAccountRequest",
    "varco.v1.CompletePasswordResetRequest",
    "varco.v1.ChangePasswordRequest",
    "varco.v1.SessionTokens",
    "varco.v1.SignInStep",
    "varco.v1.SignInRequest",
    "varco.v1.ContinueSignInRequest",
    "varco.v1.RefreshSessionRequest",
    "varco.v1.SetSsoProviderRequest",
    "varco.v1.BeginSsoRequest",
    "varco.v1.BeginSsoResponse",
    "varco.v1.CompleteSsoRequest",
];

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=proto");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_source_info(true).include_imports(true);
    for file in contract_files()? {
        compiler.open_file(file)?;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gives OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), compiler.encode_file_descriptor_set())?;
    fs::write(out.join("access.rs"), declarations(&compiler.descriptor_pool())?)?;

    tonic_prost_build::configure().skip_debug(SECRET_BEARING).compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}

fn contract_files() -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir("proto/varco/v1")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(Path::new("varco/v1").join(path.file_name().ok_or("a file has a name")?));
        }
    }
    files.sort();
    Ok(files)
}

/// Writes an `impl Declared` for the request of every method.
fn declarations(pool: &DescriptorPool) -> Result<String, Failure> {
    let mut code = String::new();
    let mut paths = Vec::new();
    for service in pool.services().filter(|service| service.package_name() == "varco.v1") {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            write_declaration(&mut code, &path, &method)?;
            paths.push(path);
        }
    }
    writeln!(code, "/// The path of every RPC of the contract.")?;
    writeln!(code, "pub const PATHS: [&str; {}] = {paths:?};", paths.len())?;
    Ok(code)
}

fn write_declaration(code: &mut String, path: &str, method: &MethodDescriptor) -> Result<(), Failure> {
    let caller = declared_caller(method)
        .ok_or_else(|| format!("{path} does not declare its caller: add `option (access) = {{caller: …}};`"))?;
    let request = method.input();
    let scoped = request.get_field_by_name("organization_id").is_some();
    if caller.starts_with("Organization") && !scoped {
        return Err(
            format!("{path} is for callers of an organization, but its request has no `organization_id`").into()
        );
    }
    let organization = if scoped { "Some(&self.organization_id)" } else { "None" };
    let (service, name, message) = (method.parent_service().full_name(), method.name(), request.name());
    writeln!(
        code,
        "impl crate::Declared for crate::v1::{message} {{
    const RPC: crate::Rpc = crate::Rpc {{ path: {path:?}, service: {service:?}, method: {name:?}, caller: crate::v1::Caller::{caller} }};
    fn organization_id(&self) -> Option<&str> {{ {organization} }}
}}"
    )?;
    Ok(())
}

/// The variant of the generated `Caller` enum that the method's `access` option names.
fn declared_caller(method: &MethodDescriptor) -> Option<String> {
    let pool = method.parent_pool();
    let extension = pool.get_extension_by_name("varco.v1.access")?;
    let options = method.options();
    let declaration = options.get_extension(&extension);
    let number = declaration.as_message()?.get_field_by_name("caller")?.as_enum_number()?;
    let value = pool.get_enum_by_name("varco.v1.Caller")?.get_value(number)?;
    let words = value.name().strip_prefix("CALLER_")?.split('_');
    let variant: String = words.map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase())).collect();
    (variant != "Unspecified").then_some(variant)
}
