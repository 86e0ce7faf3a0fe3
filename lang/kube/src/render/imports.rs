//! The imports of a module.

use forge_base::Name;
use forge_syntax::ast;
use forge_syntax::write::SourceBuilder;

use super::select::SelectedDecl;
use crate::table::{self, DeclKind, ModuleId};

/// The imported modules with their aliases, sorted by path.
pub(super) struct Imports(Vec<(ModuleId, Name)>);

impl Imports {
    /// The modules that the declarations of `module` refer to.
    pub(super) fn of(module: ModuleId, decls: &[SelectedDecl]) -> Imports {
        let mut used: Vec<ModuleId> = Vec::new();
        let mut add = |other: ModuleId| {
            if other != module && !used.contains(&other) {
                used.push(other);
            }
        };
        for decl in decls {
            match &decl.kind {
                DeclKind::Alias(ty) => ty.each_ref(&mut |decl| add(decl.module())),
                DeclKind::Resource(_) => {
                    table::resource().into_iter().for_each(|resource| add(resource.module()));
                }
                _ => {}
            }
            for ty in decl.fields.iter().map(|field| field.ty) {
                ty.each_ref(&mut |decl| add(decl.module()));
            }
        }
        used.sort();
        Imports(aliases(&used))
    }

    pub(super) fn render(&self, out: &mut SourceBuilder) -> Vec<ast::Item> {
        if !self.0.is_empty() {
            out.blank_line();
        }
        let import = |&(module, alias): &(ModuleId, Name)| out.import(&format!("std.{}", module.path()), Some(alias));
        self.0.iter().map(import).collect()
    }

    /// The alias of an imported module; `None` for the rendered module itself.
    pub(super) fn alias(&self, module: ModuleId) -> Option<Name> {
        self.0.iter().find(|(known, _)| *known == module).map(|&(_, alias)| alias)
    }

    /// The path of the schema that all kinds extend.
    pub(super) fn resource(&self) -> Vec<Name> {
        let alias = table::resource().and_then(|resource| self.alias(resource.module()));
        alias.into_iter().chain([Name::new("Resource")]).collect()
    }
}

/// Aliases for modules: the name of the API group, with the version if several versions of the group are imported.
fn aliases(modules: &[ModuleId]) -> Vec<(ModuleId, Name)> {
    let parts = |module: ModuleId| {
        let mut segments = module.path().rsplit('.');
        let version = segments.next().unwrap_or_default();
        (segments.next().unwrap_or_default(), version)
    };
    let alias = |&module: &ModuleId| {
        let (group, version) = parts(module);
        let has_several = modules.iter().filter(|&&other| parts(other).0 == group).count() > 1;
        let name = if has_several { format!("{group}_{version}") } else { group.to_owned() };
        (module, Name::new(&name))
    };
    modules.iter().map(alias).collect()
}
