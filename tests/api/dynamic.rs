//! Calls by descriptor: any RPC, with messages that are only known at run time.

use prost::Message;
use prost::bytes::{Buf, BufMut};
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, MethodDescriptor};
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Request, Status};

/// Every RPC of the contract.
pub(crate) fn methods() -> Vec<MethodDescriptor> {
    let pool = DescriptorPool::decode(varco_proto::DESCRIPTORS).unwrap();
    let services: Vec<_> = pool.services().filter(|service| service.package_name() == "varco.v1").collect();
    services.iter().flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

/// Whom an RPC declares as its caller, such as `ORGANIZATION`.
pub(crate) fn declared_caller(method: &MethodDescriptor) -> String {
    let pool = method.parent_pool();
    let access = pool.get_extension_by_name("varco.v1.access").unwrap();
    let options = method.options();
    let declaration = options.get_extension(&access);
    let number = declaration.as_message().unwrap().get_field_by_name("caller").unwrap().as_enum_number().unwrap();
    let name = pool.get_enum_by_name("varco.v1.Caller").unwrap().get_value(number).unwrap().name().to_owned();
    name.strip_prefix("CALLER_").unwrap().to_owned()
}

/// Calls an RPC, unary or server streaming, and gives its first message.
pub(crate) async fn call(
    channel: &Channel,
    token: Option<&str>,
    method: &MethodDescriptor,
    message: DynamicMessage,
) -> Result<DynamicMessage, Status> {
    let mut request = Request::new(message);
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name()).parse().unwrap();
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let codec = DynamicCodec(method.output());
    if method.is_server_streaming() {
        let mut stream = grpc.server_streaming(request, path, codec).await?.into_inner();
        return Ok(stream.message().await?.unwrap_or_else(|| DynamicMessage::new(method.output())));
    }
    Ok(grpc.unary(request, path, codec).await?.into_inner())
}

struct DynamicCodec(MessageDescriptor);

impl Codec for DynamicCodec {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = DynamicEncoder;
    type Decoder = DynamicDecoder;

    fn encoder(&mut self) -> DynamicEncoder {
        DynamicEncoder
    }

    fn decoder(&mut self) -> DynamicDecoder {
        DynamicDecoder(self.0.clone())
    }
}

struct DynamicEncoder;

impl Encoder for DynamicEncoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, item: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item.encode_to_vec().as_slice());
        Ok(())
    }
}

struct DynamicDecoder(MessageDescriptor);

impl Decoder for DynamicDecoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        Ok(Some(DynamicMessage::decode(self.0.clone(), bytes).unwrap()))
    }
}
