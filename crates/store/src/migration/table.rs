//! Tables in the words of this crate: few kinds of columns, written alike on both databases.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::{ColumnDef, DbErr, ForeignKey, ForeignKeyAction, Index, SchemaManager, Table};

/// What a column holds.
#[derive(Clone, Copy)]
enum Kind {
    Id,
    Text,
    Bytes,
    Number,
    Flag,
    Serial,
}

/// A column to be made.
#[derive(Clone, Copy)]
pub(super) struct Column {
    name: &'static str,
    kind: Kind,
    is_optional: bool,
    parent: Option<&'static str>,
    usual: Option<&'static str>,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        is_optional: false,
        parent: None,
        usual: None,
    }
}

/// 128 random bits.
pub(super) const fn id(name: &'static str) -> Column {
    column(name, Kind::Id)
}

/// Text; compared bytewise on both databases (R37).
pub(super) const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

/// Bytes: hashes, keys, sealed values.
pub(super) const fn bytes(name: &'static str) -> Column {
    column(name, Kind::Bytes)
}

/// A whole number, or a time in milliseconds.
pub(super) const fn number(name: &'static str) -> Column {
    column(name, Kind::Number)
}

/// True or false.
pub(super) const fn flag(name: &'static str) -> Column {
    column(name, Kind::Flag)
}

/// A number that the database counts up; the primary key of its table.
pub(super) const fn serial(name: &'static str) -> Column {
    column(name, Kind::Serial)
}

impl Column {
    /// May hold nothing.
    pub(super) const fn or_null(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }

    /// Holds this where nothing is written: in rows that are there already, and in those of the former release.
    pub(super) const fn or(self, usual: &'static str) -> Self {
        Self {
            usual: Some(usual),
            ..self
        }
    }

    /// The id of a row of another table, and of the same tenant: no row hangs on another tenant's (R49).
    pub(super) const fn of(self, parent: &'static str) -> Self {
        Self {
            parent: Some(parent),
            ..self
        }
    }

    fn definition(self, backend: DbBackend) -> ColumnDef {
        let mut definition = ColumnDef::new(self.name);
        match self.kind {
            Kind::Id => definition.uuid(),
            Kind::Text => definition.text(),
            Kind::Bytes => definition.blob(),
            Kind::Number => definition.big_integer(),
            Kind::Flag => definition.boolean(),
            Kind::Serial => definition.big_integer().auto_increment().primary_key(),
        };
        if !self.is_optional {
            definition.not_null();
        }
        if let Some(usual) = self.usual {
            definition.default(usual);
        }
        if matches!((self.kind, backend), (Kind::Text, DbBackend::Postgres)) {
            definition.extra(r#"COLLATE "C""#);
        }
        definition
    }
}

/// Makes a table. Rows go with the rows that they hang on.
pub(super) async fn create(
    manager: &SchemaManager<'_>,
    name: &'static str,
    key: &[&'static str],
    columns: &[Column],
) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column.definition(backend));
        let Some(parent) = column.parent else { continue };
        let mut foreign = ForeignKey::create();
        match parent {
            "tenant" => foreign.from(name, column.name).to(parent, "id"),
            _ => foreign
                .from(name, ("tenant_id", column.name))
                .to(parent, ("tenant_id", "id")),
        };
        table.foreign_key(foreign.on_delete(ForeignKeyAction::Cascade));
    }
    if !key.is_empty() {
        let mut primary = Index::create();
        for column in key {
            primary.col(*column);
        }
        table.primary_key(&mut primary);
    }
    manager.create_table(table).await
}

/// Adds columns; rows that are there leave them empty, or hold what is usual.
pub(super) async fn add(manager: &SchemaManager<'_>, name: &'static str, columns: &[Column]) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    for column in columns {
        let mut table = Table::alter();
        table.table(name).add_column(column.definition(backend));
        manager.alter_table(table).await?;
    }
    Ok(())
}

/// Makes an index.
pub(super) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    make_index(manager, table, columns, false).await
}

/// Makes an index that holds each value once.
pub(super) async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    make_index(manager, table, columns, true).await
}

async fn make_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    is_unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("{table}_by_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    if is_unique {
        index.unique();
    }
    manager.create_index(index).await
}
