use prost::Message;
use varco_application::catalogs::{find_catalog, list_catalogs};
use varco_domain::CatalogKey;
use varco_proto::v1::{GetCatalogRequest, GetCatalogResponse, ListCatalogsRequest, ListCatalogsResponse};

use super::{parse_key, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::{Paging, fitting};

pub(super) async fn get(call: &Call, request: &GetCatalogRequest) -> Result<GetCatalogResponse, Failure> {
    let mut fields = Fields::default();
    let key = parse_key(&mut fields, "catalog_key", &request.catalog_key);
    let catalog = find_catalog(&call.env, &fields.finish(|| key)?).await?;
    Ok(GetCatalogResponse { catalog: Some(present::catalog(&catalog)) })
}

pub(super) async fn call(call: &Call, request: &ListCatalogsRequest) -> Result<ListCatalogsResponse, Failure> {
    let mut fields = Fields::default();
    let paging: Paging<CatalogKey> = call.paging(request, &mut fields)?;
    fields.finish(|| Some(()))?;
    let page = list_catalogs(&call.env, paging.after.as_ref(), paging.limit).await?;
    let page = fitting(page, |catalog| present::catalog(catalog).encoded_len());
    let next_page_token = call.next_page_token(&paging, &page, |catalog| catalog.key.clone());
    Ok(ListCatalogsResponse { catalogs: page.items.iter().map(present::catalog).collect(), next_page_token })
}
